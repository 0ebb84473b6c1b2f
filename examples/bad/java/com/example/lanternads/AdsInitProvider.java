package com.example.lanternads;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.database.Cursor;
import android.net.Uri;

/** Starts the SDK before the app's own code, only by being in the merged manifest. */
public final class AdsInitProvider extends ContentProvider {
    @Override
    public boolean onCreate() {
        LanternAds.init(getContext(), "from-manifest");
        return true;
    }

    @Override
    public Cursor query(Uri uri, String[] columns, String where, String[] values, String order) {
        return null;
    }

    @Override
    public String getType(Uri uri) {
        return null;
    }

    @Override
    public Uri insert(Uri uri, ContentValues values) {
        return null;
    }

    @Override
    public int delete(Uri uri, String where, String[] values) {
        return 0;
    }

    @Override
    public int update(Uri uri, ContentValues changed, String where, String[] values) {
        return 0;
    }
}
