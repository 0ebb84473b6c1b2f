package com.example.lanternads;

import android.content.Context;
import android.content.SharedPreferences;

import java.io.IOException;
import java.net.URL;
import java.util.UUID;

import javax.net.ssl.HttpsURLConnection;

/**
 * 灯笼广告 SDK（虚构）. The invented advertising SDK, new version: it starts only when the app calls it, knows the user by
 * a random number of its own that can be erased, reads nothing from the device, and can be told not to personalise.
 */
public final class LanternAds {
    public static final String VERSION = "2.0.0";
    public static final String VENDOR = "灯笼广告（虚构）科技有限公司";

    private static final String ENDPOINT = "https://ads.lanternads.example/v2/show?sdk=" + VERSION;

    private LanternAds() {}

    /** Call after the user agreed. Without personalisation no number is made, kept or sent. */
    public static void init(Context context, boolean personalised) {
        String who = personalised ? number(context) : "";
        if (!personalised) {
            erase(context);
        }
        new Thread(() -> fetch(who)).start();
    }

    /** Forgets the user. */
    public static void erase(Context context) {
        kept(context).edit().clear().commit();
    }

    private static String number(Context context) {
        String known = kept(context).getString("number", "");
        if (known.isEmpty()) {
            known = UUID.randomUUID().toString();
            kept(context).edit().putString("number", known).commit();
        }
        return known;
    }

    private static SharedPreferences kept(Context context) {
        return context.getSharedPreferences("lanternads", Context.MODE_PRIVATE);
    }

    private static void fetch(String who) {
        try {
            HttpsURLConnection line = (HttpsURLConnection) new URL(ENDPOINT + "&who=" + who).openConnection();
            line.getResponseCode();
            line.disconnect();
        } catch (IOException lost) {
            // The demo host never answers.
            return;
        }
    }
}
