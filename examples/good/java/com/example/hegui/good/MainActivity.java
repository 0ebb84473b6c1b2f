package com.example.hegui.good;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.widget.Button;

/** The home page. Before the user has answered, only the consent screen is shown. */
public final class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        if (!Consent.answered(this)) {
            startActivity(new Intent(this, ConsentActivity.class));
            finish();
            return;
        }
        setContentView(R.layout.main);
        findViewById(R.id.write).setOnClickListener(view -> startActivity(new Intent(this, EntryActivity.class)));
        findViewById(R.id.rules).setOnClickListener(view -> startActivity(new Intent(this, RulesActivity.class)));
        findViewById(R.id.settings).setOnClickListener(view -> startActivity(new Intent(this, SettingsActivity.class)));
        Button rates = (Button) findViewById(R.id.rates);
        rates.setOnClickListener(view -> {
            if (Consent.allows(this, "rates")) {
                new Thread(() -> Rates.show(rates)).start();
            } else {
                startActivity(new Intent(this, SettingsActivity.class));
            }
        });
    }
}
