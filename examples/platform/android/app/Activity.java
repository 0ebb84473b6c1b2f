package android.app;

import android.content.Intent;
import android.os.Bundle;
import android.view.ContextThemeWrapper;
import android.view.View;

/**
 * Signatures only, for javac: the android.jar at hand is that of API 17 and knows no run-time permissions (API 23).
 * Never packaged; on a device the platform's own class answers.
 */
public class Activity extends ContextThemeWrapper {
    protected void onCreate(Bundle state) {
        throw new UnsupportedOperationException();
    }

    protected void onResume() {
        throw new UnsupportedOperationException();
    }

    protected void onActivityResult(int request, int result, Intent data) {
        throw new UnsupportedOperationException();
    }

    public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
        throw new UnsupportedOperationException();
    }

    public final void requestPermissions(String[] permissions, int request) {
        throw new UnsupportedOperationException();
    }

    public void setContentView(int layout) {
        throw new UnsupportedOperationException();
    }

    public void setContentView(View view) {
        throw new UnsupportedOperationException();
    }

    public View findViewById(int id) {
        throw new UnsupportedOperationException();
    }

    public void startActivityForResult(Intent intent, int request) {
        throw new UnsupportedOperationException();
    }

    public Intent getIntent() {
        throw new UnsupportedOperationException();
    }

    public void finish() {
        throw new UnsupportedOperationException();
    }
}
