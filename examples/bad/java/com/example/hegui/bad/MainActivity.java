package com.example.hegui.bad;

import android.Manifest;
import android.app.Activity;
import android.content.Intent;
import android.os.Build;
import android.os.Bundle;

/** The first screen: a box ticked in advance, one button, and a bundle of permissions nobody asked for. */
public final class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.main);
        if (Build.VERSION.SDK_INT >= 23) {
            // All at once, at the start, before any function is used, and without saying what for.
            requestPermissions(
                    new String[] {
                        Manifest.permission.READ_PHONE_STATE,
                        Manifest.permission.ACCESS_FINE_LOCATION,
                        Manifest.permission.READ_CONTACTS,
                        "android.permission.READ_CALL_LOG",
                        Manifest.permission.READ_SMS,
                        Manifest.permission.RECORD_AUDIO,
                        Manifest.permission.CAMERA,
                        Manifest.permission.WRITE_EXTERNAL_STORAGE,
                    },
                    1);
        }
        startService(new Intent(this, KeepAliveService.class));
        findViewById(R.id.enter).setOnClickListener(view -> startActivity(new Intent(this, EntryActivity.class)));
        findViewById(R.id.rules).setOnClickListener(view -> startActivity(new Intent(this, RulesActivity.class)));
    }

    /** Asks again for as long as the answer is no. */
    @Override
    public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
        for (int one : results) {
            if (one != 0) {
                requestPermissions(permissions, request);
                return;
            }
        }
    }
}
