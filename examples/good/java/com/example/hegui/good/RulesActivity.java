package com.example.hegui.good;

import android.app.Activity;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import android.webkit.WebView;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Shows assets/rules.html and lets the user save a copy. */
public final class RulesActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.rules);
        ((WebView) findViewById(R.id.page)).loadUrl("file:///android_asset/rules.html");
        findViewById(R.id.save_rules).setOnClickListener(view -> startActivityForResult(
                new Intent("android.intent.action.CREATE_DOCUMENT")
                        .addCategory(Intent.CATEGORY_OPENABLE)
                        .setType("text/html")
                        .putExtra(Intent.EXTRA_TITLE, "rules.html"),
                1));
    }

    @Override
    protected void onActivityResult(int request, int result, Intent created) {
        if (created != null && created.getData() != null) {
            save(created.getData());
        }
    }

    private void save(Uri target) {
        try (InputStream in = getAssets().open("rules.html");
                OutputStream out = getContentResolver().openOutputStream(target)) {
            byte[] part = new byte[4096];
            for (int read = in.read(part); read > 0; read = in.read(part)) {
                out.write(part, 0, read);
            }
        } catch (IOException lost) {
            throw new IllegalStateException(lost);
        }
    }
}
