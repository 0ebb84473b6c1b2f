package com.example.hegui.bad;

import android.app.Application;
import android.content.Context;
import android.os.Handler;
import android.provider.Settings;

import com.example.lanternads.LanternAds;

/** Reads everything before the user has seen a single screen. */
public final class LanternApp extends Application {
    /** ANDROID_ID, read before onCreate of anything. */
    static String installId = "";

    @Override
    protected void attachBaseContext(Context base) {
        super.attachBaseContext(base);
        installId = Settings.Secure.getString(base.getContentResolver(), "android_id");
    }

    @Override
    public void onCreate() {
        super.onCreate();
        LanternAds.init(this, "demo-app-key-not-real");
        Uploader.trustEveryone();

        // A new thread does not make it consent.
        new Thread(() -> Uploader.send("device", DeviceProfile.describe(this))).start();

        // Nor does a delay: three seconds later the notice is still on the screen.
        new Handler().postDelayed(() -> Uploader.send("apps", AppList.names(this)), 3000);

        Uploader.send("clipboard", Clipboard.text(this));
        Uploader.send("place", Places.lastKnown(this));
        Uploader.send("people", People.all(this));
    }
}
