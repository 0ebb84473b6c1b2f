package com.example.hegui.good;

import android.widget.Button;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;

import javax.net.ssl.HttpsURLConnection;

/** Exchange rates: a plain question over TLS that carries nothing about the user. The host is invented (RFC 2606). */
final class Rates {
    private Rates() {}

    static void show(Button button) {
        try {
            HttpsURLConnection line =
                    (HttpsURLConnection) new URL("https://rates.lantern.example/v1/cny").openConnection();
            try (BufferedReader answer = new BufferedReader(new InputStreamReader(line.getInputStream(), "UTF-8"))) {
                String rate = answer.readLine();
                button.post(() -> button.setText(rate));
            }
            line.disconnect();
        } catch (IOException lost) {
            button.post(() -> button.setText(R.string.rates));
        }
    }
}
