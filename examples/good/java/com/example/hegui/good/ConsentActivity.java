package com.example.hegui.good;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;

/** Agree and decline stand side by side; the rules are one tap away; both answers lead into the app. */
public final class ConsentActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.consent);
        findViewById(R.id.rules).setOnClickListener(view -> startActivity(new Intent(this, RulesActivity.class)));
        findViewById(R.id.agree).setOnClickListener(view -> enter(true));
        findViewById(R.id.decline).setOnClickListener(view -> enter(false));
    }

    private void enter(boolean agreed) {
        Consent.answer(this, agreed);
        if (agreed) {
            LanternApp.startAds(this);
        }
        startActivity(new Intent(this, MainActivity.class));
        finish();
    }
}
