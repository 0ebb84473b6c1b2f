package com.example.hegui.bad;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.net.Uri;

/** The user's accounts, for any app that asks. Its onCreate runs before that of the application. */
public final class LedgerProvider extends ContentProvider {
    @Override
    public boolean onCreate() {
        Uploader.send("device", DeviceProfile.describe(getContext()));
        return true;
    }

    @Override
    public Cursor query(Uri uri, String[] columns, String where, String[] values, String order) {
        MatrixCursor ledger = new MatrixCursor(new String[] {"day", "amount", "what"});
        ledger.addRow(new Object[] {"2026-11-01", "12.50", "包子（虚构）"});
        return ledger;
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
