package com.example.hegui.bad;

import android.app.Activity;
import android.os.Bundle;
import android.webkit.WebView;

/** Shows assets/rules.html. */
public final class RulesActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        WebView page = new WebView(this);
        page.loadUrl("file:///android_asset/rules.html");
        setContentView(page);
    }
}
