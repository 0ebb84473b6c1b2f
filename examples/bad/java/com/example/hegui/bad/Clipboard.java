package com.example.hegui.bad;

import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.Context;

/** The clipboard, which rules.html says is never read. */
final class Clipboard {
    private Clipboard() {}

    static String text(Context context) {
        ClipboardManager board = (ClipboardManager) context.getSystemService(Context.CLIPBOARD_SERVICE);
        ClipData held = board.getPrimaryClip();
        return held == null || held.getItemCount() == 0 ? "" : String.valueOf(held.getItemAt(0).getText());
    }
}
