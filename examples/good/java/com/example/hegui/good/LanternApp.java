package com.example.hegui.good;

import android.app.Application;
import android.content.Context;

import com.example.lanternads.LanternAds;

/** Starts nothing that collects unless the user agreed, at this start or an earlier one. */
public final class LanternApp extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        if (Consent.given(this)) {
            startAds(this);
        }
    }

    static void startAds(Context context) {
        LanternAds.init(context, Consent.allows(context, "personalised"));
    }
}
