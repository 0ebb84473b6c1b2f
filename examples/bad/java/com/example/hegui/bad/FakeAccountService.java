package com.example.hegui.bad;

import android.accounts.AbstractAccountAuthenticator;
import android.accounts.Account;
import android.accounts.AccountAuthenticatorResponse;
import android.app.Service;
import android.content.Intent;
import android.os.Bundle;
import android.os.IBinder;

/** An account type nobody can sign in to; it exists for FakeSyncService. */
public final class FakeAccountService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return new AbstractAccountAuthenticator(this) {
            @Override
            public Bundle editProperties(AccountAuthenticatorResponse response, String type) {
                return null;
            }

            @Override
            public Bundle addAccount(
                    AccountAuthenticatorResponse response, String type, String token, String[] features, Bundle options) {
                return null;
            }

            @Override
            public Bundle confirmCredentials(AccountAuthenticatorResponse response, Account account, Bundle options) {
                return null;
            }

            @Override
            public Bundle getAuthToken(
                    AccountAuthenticatorResponse response, Account account, String type, Bundle options) {
                return null;
            }

            @Override
            public String getAuthTokenLabel(String type) {
                return null;
            }

            @Override
            public Bundle updateCredentials(
                    AccountAuthenticatorResponse response, Account account, String type, Bundle options) {
                return null;
            }

            @Override
            public Bundle hasFeatures(AccountAuthenticatorResponse response, Account account, String[] features) {
                return null;
            }
        }.getIBinder();
    }
}
