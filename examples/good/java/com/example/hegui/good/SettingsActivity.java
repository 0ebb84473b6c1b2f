package com.example.hegui.good;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.widget.CheckBox;

import com.example.lanternads.LanternAds;

/** A switch for each scene that uses information; export, deletion and withdrawal on the same page. */
public final class SettingsActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.settings);
        bind(R.id.rates_allowed, "rates");
        bind(R.id.personalised, "personalised");
        findViewById(R.id.rules).setOnClickListener(view -> startActivity(new Intent(this, RulesActivity.class)));
        findViewById(R.id.export).setOnClickListener(view -> startActivityForResult(
                new Intent("android.intent.action.CREATE_DOCUMENT")
                        .addCategory(Intent.CATEGORY_OPENABLE)
                        .setType("text/csv")
                        .putExtra(Intent.EXTRA_TITLE, "ledger.csv"),
                1));
        findViewById(R.id.erase).setOnClickListener(view -> {
            Ledger.erase(this);
            LanternAds.erase(this);
        });
        findViewById(R.id.withdraw).setOnClickListener(view -> {
            LanternAds.erase(this);
            Consent.erase(this);
            finish();
        });
    }

    private void bind(int id, String scene) {
        CheckBox box = (CheckBox) findViewById(id);
        box.setChecked(Consent.allows(this, scene));
        box.setOnClickListener(view -> {
            Consent.allow(this, scene, box.isChecked());
            if (Consent.given(this)) {
                LanternApp.startAds(this);
            }
        });
    }

    @Override
    protected void onActivityResult(int request, int result, Intent created) {
        if (created != null && created.getData() != null) {
            Ledger.export(this, created.getData());
        }
    }
}
