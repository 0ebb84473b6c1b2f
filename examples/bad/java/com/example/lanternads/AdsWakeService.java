package com.example.lanternads;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** Any app with this SDK can start any other through it. */
public final class AdsWakeService extends Service {
    @Override
    public int onStartCommand(Intent intent, int flags, int id) {
        LanternAds.init(this, "woken");
        return START_STICKY;
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
