package com.example.hegui.bad;

import android.accounts.Account;
import android.app.Service;
import android.content.AbstractThreadedSyncAdapter;
import android.content.ContentProviderClient;
import android.content.Intent;
import android.content.SyncResult;
import android.os.Bundle;
import android.os.IBinder;

/** There is nothing to synchronise; the system wakes the app all the same. */
public final class FakeSyncService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return new AbstractThreadedSyncAdapter(this, true) {
            @Override
            public void onPerformSync(
                    Account account, Bundle extras, String authority, ContentProviderClient client, SyncResult result) {
                startService(new Intent(getContext(), KeepAliveService.class));
            }
        }.getSyncAdapterBinder();
    }
}
