package com.example.hegui.good;

import android.app.Activity;
import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.Context;
import android.content.Intent;
import android.os.Build;
import android.os.Bundle;
import android.provider.CalendarContract;
import android.provider.ContactsContract;
import android.provider.MediaStore;
import android.widget.EditText;

/** Writing down an expense. Each extra is a tap of the user's, done by a screen of the system's, without a permission. */
public final class EntryActivity extends Activity {
    private static final int RECEIPT = 1;
    private static final int PHOTOGRAPH = 2;
    private static final int COMPANION = 3;

    private EditText amount;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.entry);
        amount = (EditText) findViewById(R.id.amount);
        findViewById(R.id.attach).setOnClickListener(view -> startActivityForResult(picker(), RECEIPT));
        findViewById(R.id.photograph).setOnClickListener(
                view -> startActivityForResult(new Intent(MediaStore.ACTION_IMAGE_CAPTURE), PHOTOGRAPH));
        findViewById(R.id.companion).setOnClickListener(view -> startActivityForResult(
                new Intent(Intent.ACTION_PICK, ContactsContract.CommonDataKinds.Phone.CONTENT_URI), COMPANION));
        findViewById(R.id.remind).setOnClickListener(view -> startActivity(
                new Intent(Intent.ACTION_INSERT, CalendarContract.Events.CONTENT_URI).putExtra("title", "记账")));
        findViewById(R.id.paste).setOnClickListener(view -> paste());
    }

    /** The photo picker where there is one, else the document picker: one picture, chosen by the user. */
    private static Intent picker() {
        if (Build.VERSION.SDK_INT >= 33) {
            return new Intent("android.provider.action.PICK_IMAGES").setType("image/*");
        }
        return new Intent("android.intent.action.OPEN_DOCUMENT").addCategory(Intent.CATEGORY_OPENABLE).setType("image/*");
    }

    /** The clipboard is read here and nowhere else: when the user taps "paste". */
    private void paste() {
        ClipboardManager board = (ClipboardManager) getSystemService(Context.CLIPBOARD_SERVICE);
        ClipData held = board.getPrimaryClip();
        if (held != null && held.getItemCount() > 0) {
            amount.setText(held.getItemAt(0).getText());
        }
    }

    @Override
    protected void onActivityResult(int request, int result, Intent chosen) {
        if (chosen != null && chosen.getData() != null) {
            Ledger.attach(this, request == COMPANION ? "companion" : "receipt", chosen.getData());
        }
    }
}
