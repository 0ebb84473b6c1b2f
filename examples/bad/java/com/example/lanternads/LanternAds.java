package com.example.lanternads;

import android.content.Context;
import android.content.Intent;
import android.os.Handler;

/** 灯笼广告 SDK（虚构）. An invented advertising SDK, old version: starts by itself, asks nobody, cannot be switched off. */
public final class LanternAds {
    public static final String VERSION = "1.4.2";
    public static final String VENDOR = "灯笼广告（虚构）科技有限公司";

    private static boolean started;

    private LanternAds() {}

    public static void init(Context context, String key) {
        if (started) {
            return;
        }
        started = true;
        Context app = context.getApplicationContext() == null ? context : context.getApplicationContext();
        new Thread(new Collector(app, key)).start();
        new Handler().postDelayed(() -> wakeOthers(app), 10000);
    }

    /** Starts the same service in other apps that hold this SDK. */
    private static void wakeOthers(Context context) {
        for (String other : new String[] {"com.example.lotus", "com.example.firecracker", "com.example.papercut"}) {
            try {
                context.startService(new Intent("com.example.lanternads.WAKE").setPackage(other));
            } catch (RuntimeException absent) {
                continue;
            }
        }
    }
}
