package com.example.hegui.bad;

import android.app.ActivityManager;
import android.content.Context;
import android.content.pm.PackageInfo;

/** What else is installed, and what runs. */
final class AppList {
    private AppList() {}

    static String names(Context context) {
        StringBuilder all = new StringBuilder();
        for (PackageInfo one : context.getPackageManager().getInstalledPackages(0)) {
            all.append(one.packageName).append(',');
        }
        ActivityManager manager = (ActivityManager) context.getSystemService(Context.ACTIVITY_SERVICE);
        for (ActivityManager.RunningAppProcessInfo one : manager.getRunningAppProcesses()) {
            all.append('*').append(one.processName).append(',');
        }
        return all.toString();
    }
}
