package com.example.hegui.good;

import android.content.Context;
import android.net.Uri;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The accounts: a private file on this phone, never sent anywhere. */
final class Ledger {
    private Ledger() {}

    static void attach(Context context, String kind, Uri chosen) {
        try (FileOutputStream out = context.openFileOutput("ledger.csv", Context.MODE_APPEND)) {
            out.write((kind + "," + chosen + "\n").getBytes("UTF-8"));
        } catch (IOException full) {
            throw new IllegalStateException(full);
        }
    }

    /** Writes all accounts to the document the user created (复制、转移). */
    static void export(Context context, Uri created) {
        try (InputStream in = new FileInputStream(new File(context.getFilesDir(), "ledger.csv"));
                OutputStream out = context.getContentResolver().openOutputStream(created)) {
            byte[] part = new byte[4096];
            for (int read = in.read(part); read > 0; read = in.read(part)) {
                out.write(part, 0, read);
            }
        } catch (IOException lost) {
            throw new IllegalStateException(lost);
        }
    }

    static void erase(Context context) {
        context.deleteFile("ledger.csv");
    }
}
