package com.example.hegui.good;

import android.content.Context;
import android.content.SharedPreferences;

/** What the user agreed to. Nothing is on until the user turns it on. */
final class Consent {
    static final String RULES_VERSION = "2026-11-01";

    private Consent() {}

    static boolean given(Context context) {
        return RULES_VERSION.equals(kept(context).getString("rules_agreed", ""));
    }

    static boolean answered(Context context) {
        return kept(context).contains("rules_agreed");
    }

    /** An empty version stands for "declined": the app goes on, with accounts only. */
    static void answer(Context context, boolean agreed) {
        kept(context).edit().putString("rules_agreed", agreed ? RULES_VERSION : "").commit();
    }

    static boolean allows(Context context, String scene) {
        return given(context) && kept(context).getBoolean(scene, false);
    }

    static void allow(Context context, String scene, boolean on) {
        kept(context).edit().putBoolean(scene, on).commit();
    }

    static void erase(Context context) {
        kept(context).edit().clear().commit();
    }

    private static SharedPreferences kept(Context context) {
        return context.getSharedPreferences("consent", Context.MODE_PRIVATE);
    }
}
