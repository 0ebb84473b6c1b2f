"""What the platform does with the classes of an app, as far as reading the code needs it. Sources: the reference of
the Android SDK (developer.android.com/reference): class hierarchies, "Runnable", "AsyncTask", "androidx.startup".
"""

# Platform classes whose superclasses matter, for their own code is not in the package. Interfaces are listed too.
PLATFORM_PARENTS: dict[bytes, tuple[bytes, ...]] = {
    b"Landroid/accounts/AbstractAccountAuthenticator;": (),
    b"Landroid/accessibilityservice/AccessibilityService;": (b"Landroid/app/Service;",),
    b"Landroid/app/Activity;": (b"Landroid/view/ContextThemeWrapper;",),
    b"Landroid/app/ActivityGroup;": (b"Landroid/app/Activity;",),
    b"Landroid/app/AliasActivity;": (b"Landroid/app/Activity;",),
    b"Landroid/app/Application;": (b"Landroid/content/ContextWrapper;",),
    b"Landroid/app/DialogFragment;": (b"Landroid/app/Fragment;",),
    b"Landroid/app/IntentService;": (b"Landroid/app/Service;",),
    b"Landroid/app/LauncherActivity;": (b"Landroid/app/ListActivity;",),
    b"Landroid/app/ListActivity;": (b"Landroid/app/Activity;",),
    b"Landroid/app/ListFragment;": (b"Landroid/app/Fragment;",),
    b"Landroid/app/NativeActivity;": (b"Landroid/app/Activity;",),
    b"Landroid/app/Service;": (b"Landroid/content/ContextWrapper;",),
    b"Landroid/app/TabActivity;": (b"Landroid/app/ActivityGroup;",),
    b"Landroid/app/backup/BackupAgent;": (b"Landroid/content/ContextWrapper;",),
    b"Landroid/app/job/JobService;": (b"Landroid/app/Service;",),
    b"Landroid/content/ContextWrapper;": (b"Landroid/content/Context;",),
    b"Landroid/content/MutableContextWrapper;": (b"Landroid/content/ContextWrapper;",),
    b"Landroid/content/SearchRecentSuggestionsProvider;": (b"Landroid/content/ContentProvider;",),
    b"Landroid/inputmethodservice/InputMethodService;": (b"Landroid/app/Service;",),
    b"Landroid/media/browse/MediaBrowserService;": (b"Landroid/app/Service;",),
    b"Landroid/net/VpnService;": (b"Landroid/app/Service;",),
    b"Landroid/net/http/HttpResponseCache;": (),
    b"Landroid/nfc/cardemulation/HostApduService;": (b"Landroid/app/Service;",),
    b"Landroid/os/CountDownTimer;": (),
    b"Landroid/os/HandlerThread;": (b"Ljava/lang/Thread;",),
    b"Landroid/preference/PreferenceActivity;": (b"Landroid/app/ListActivity;",),
    b"Landroid/preference/PreferenceFragment;": (b"Landroid/app/Fragment;",),
    b"Landroid/service/dreams/DreamService;": (b"Landroid/app/Service;",),
    b"Landroid/service/notification/NotificationListenerService;": (b"Landroid/app/Service;",),
    b"Landroid/service/quicksettings/TileService;": (b"Landroid/app/Service;",),
    b"Landroid/service/wallpaper/WallpaperService;": (b"Landroid/app/Service;",),
    b"Landroid/telecom/ConnectionService;": (b"Landroid/app/Service;",),
    b"Landroid/telecom/InCallService;": (b"Landroid/app/Service;",),
    b"Landroid/view/ContextThemeWrapper;": (b"Landroid/content/ContextWrapper;",),
    b"Landroid/view/SurfaceView;": (b"Landroid/view/View;",),
    b"Landroid/view/TextureView;": (b"Landroid/view/View;",),
    b"Landroid/view/ViewGroup;": (b"Landroid/view/View;",),
    b"Landroid/webkit/WebView;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/Button;": (b"Landroid/widget/TextView;",),
    b"Landroid/widget/CheckBox;": (b"Landroid/widget/TextView;",),
    b"Landroid/widget/EditText;": (b"Landroid/widget/TextView;",),
    b"Landroid/widget/FrameLayout;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/GridView;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/HorizontalScrollView;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/ImageButton;": (b"Landroid/view/View;",),
    b"Landroid/widget/ImageView;": (b"Landroid/view/View;",),
    b"Landroid/widget/LinearLayout;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/ListView;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/ProgressBar;": (b"Landroid/view/View;",),
    b"Landroid/widget/RelativeLayout;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/ScrollView;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/Spinner;": (b"Landroid/view/ViewGroup;",),
    b"Landroid/widget/TextView;": (b"Landroid/view/View;",),
    b"Landroid/widget/VideoView;": (b"Landroid/view/View;",),
    b"Landroid/widget/ViewFlipper;": (b"Landroid/view/ViewGroup;",),
    b"Ljava/lang/Thread;": (b"Ljava/lang/Runnable;",),
    b"Ljava/util/TimerTask;": (b"Ljava/lang/Runnable;",),
    b"Ljava/util/concurrent/FutureTask;": (b"Ljava/lang/Runnable;",),
    b"Ljava/util/concurrent/RecursiveAction;": (b"Ljava/util/concurrent/ForkJoinTask;",),
    b"Ljava/util/concurrent/RecursiveTask;": (b"Ljava/util/concurrent/ForkJoinTask;",),
    b"Ljava/util/concurrent/RunnableFuture;": (b"Ljava/lang/Runnable;",),
    b"Ljava/util/concurrent/ThreadPoolExecutor;": (b"Ljava/util/concurrent/Executor;",),
}

# Methods the platform calls on an object of the app without an act of the user, soon after the app hands it over.
# Creating such an object counts as calling them. Left out on purpose: listeners of clicks, text and menus, and what
# waits for an event that may never come (BroadcastReceiver, ContentObserver).
CALLBACKS: dict[bytes, tuple[bytes, ...]] = {
    b"Landroid/app/LoaderManager$LoaderCallbacks;": (b"onCreateLoader", b"onLoadFinished"),
    b"Landroid/content/AsyncTaskLoader;": (b"loadInBackground",),
    b"Landroid/content/ServiceConnection;": (b"onServiceConnected",),
    b"Landroid/database/sqlite/SQLiteOpenHelper;": (b"onCreate", b"onOpen", b"onUpgrade", b"onConfigure"),
    b"Landroid/hardware/Camera$PreviewCallback;": (b"onPreviewFrame",),
    b"Landroid/hardware/SensorEventListener;": (b"onSensorChanged",),
    b"Landroid/location/LocationListener;": (b"onLocationChanged", b"onProviderEnabled", b"onStatusChanged"),
    b"Landroid/net/ConnectivityManager$NetworkCallback;": (
        b"onAvailable",
        b"onCapabilitiesChanged",
        b"onLinkPropertiesChanged",
    ),
    b"Landroid/os/AsyncTask;": (b"onPreExecute", b"doInBackground", b"onProgressUpdate", b"onPostExecute"),
    b"Landroid/os/CountDownTimer;": (b"onTick", b"onFinish"),
    b"Landroid/os/Handler$Callback;": (b"handleMessage",),
    b"Landroid/os/Handler;": (b"handleMessage", b"dispatchMessage"),
    b"Landroid/os/HandlerThread;": (b"run", b"onLooperPrepared"),
    b"Landroid/os/MessageQueue$IdleHandler;": (b"queueIdle",),
    b"Landroid/telephony/PhoneStateListener;": (
        b"onCellLocationChanged",
        b"onCellInfoChanged",
        b"onServiceStateChanged",
        b"onSignalStrengthsChanged",
        b"onCallStateChanged",
        b"onDataConnectionStateChanged",
    ),
    b"Landroid/webkit/WebChromeClient;": (b"onProgressChanged", b"onReceivedTitle"),
    b"Landroid/webkit/WebViewClient;": (
        b"onPageStarted",
        b"onPageFinished",
        b"onLoadResource",
        b"shouldInterceptRequest",
        b"shouldOverrideUrlLoading",
    ),
    b"Ljava/lang/Runnable;": (b"run",),
    b"Ljava/lang/Thread$UncaughtExceptionHandler;": (b"uncaughtException",),
    b"Ljava/lang/reflect/InvocationHandler;": (b"invoke",),
    b"Ljava/security/PrivilegedAction;": (b"run",),
    b"Ljava/security/PrivilegedExceptionAction;": (b"run",),
    b"Ljava/util/Comparator;": (b"compare",),
    b"Ljava/util/concurrent/Callable;": (b"call",),
    b"Ljava/util/concurrent/ForkJoinTask;": (b"compute", b"exec"),
    b"Ljava/util/concurrent/ThreadFactory;": (b"newThread",),
    b"Ljava/util/concurrent/ThreadPoolExecutor;": (b"beforeExecute", b"afterExecute"),
    b"Ljava/util/function/BiConsumer;": (b"accept",),
    b"Ljava/util/function/BiFunction;": (b"apply",),
    b"Ljava/util/function/Consumer;": (b"accept",),
    b"Ljava/util/function/Function;": (b"apply",),
    b"Ljava/util/function/Predicate;": (b"test",),
    b"Ljava/util/function/Supplier;": (b"get",),
}

# The same, but only once a screen is being opened: what is created before that waits for it.
SCREEN_CALLBACKS: dict[bytes, tuple[bytes, ...]] = {
    b"Landroid/app/Application$ActivityLifecycleCallbacks;": (
        b"onActivityPreCreated",
        b"onActivityCreated",
        b"onActivityStarted",
        b"onActivityResumed",
    ),
    b"Landroid/app/Fragment;": (
        b"onAttach",
        b"onCreate",
        b"onCreateView",
        b"onViewCreated",
        b"onActivityCreated",
        b"onStart",
        b"onResume",
    ),
    b"Landroid/view/View;": (
        b"onAttachedToWindow",
        b"onFinishInflate",
        b"onMeasure",
        b"onLayout",
        b"onDraw",
        b"onSizeChanged",
        b"onWindowFocusChanged",
    ),
    b"Landroid/view/Choreographer$FrameCallback;": (b"doFrame",),
    b"Landroid/view/SurfaceHolder$Callback;": (b"surfaceCreated", b"surfaceChanged"),
    b"Landroid/view/ViewTreeObserver$OnGlobalLayoutListener;": (b"onGlobalLayout",),
    b"Landroid/view/ViewTreeObserver$OnPreDrawListener;": (b"onPreDraw",),
}

# Classes the platform, or a library of the package by reflection, makes from a class constant, and what it then calls:
# new Intent(context, PushService.class) is how an app starts a service. An activity is a screen and is left out.
MADE_FROM_CLASS: dict[bytes, tuple[bytes, ...]] = {
    b"Landroid/app/Service;": (b"<init>", b"onCreate", b"onStart", b"onStartCommand", b"onHandleIntent", b"onBind"),
    b"Landroid/app/job/JobService;": (b"<init>", b"onCreate", b"onStartJob"),
    b"Landroidx/startup/Initializer;": (b"<init>", b"create", b"dependencies"),
    b"Landroidx/work/ListenableWorker;": (b"<init>", b"startWork", b"doWork"),
}

# What runs when a process of the app starts, before any screen ("Application", "ContentProvider": attachInfo runs
# onCreate before Application.onCreate; androidx.startup runs its initialisers from a provider).
APPLICATION_STARTS = (b"<clinit>", b"<init>", b"attachBaseContext", b"onCreate")
PROVIDER_STARTS = (b"<clinit>", b"<init>", b"attachInfo", b"onCreate")
INITIALISER_STARTS = (b"<clinit>", b"<init>", b"create", b"dependencies")
# What runs when the launcher opens a screen, before the user can act in it ("Activity": the activity lifecycle).
LAUNCHER_STARTS = (
    b"<clinit>",
    b"<init>",
    b"attachBaseContext",
    b"onCreate",
    b"onContentChanged",
    b"onStart",
    b"onPostCreate",
    b"onResume",
    b"onPostResume",
    b"onAttachedToWindow",
    b"onWindowFocusChanged",
)

# Static fields that hold a content URI, which the compiler does not replace by its value. Sources: the references of
# ContactsContract, CallLog, CalendarContract, Telephony and MediaStore.
_CONTACTS = b"Landroid/provider/ContactsContract"
_PHONES = _CONTACTS + b"$CommonDataKinds$"
_CALENDAR = b"Landroid/provider/CalendarContract"
_TELEPHONY = b"Landroid/provider/Telephony$"
_MEDIA = b"Landroid/provider/MediaStore$"
CONTENT_URIS: dict[bytes, str] = {
    _CONTACTS + b";->AUTHORITY_URI": "content://com.android.contacts",
    _CONTACTS + b"$Contacts;->CONTENT_URI": "content://com.android.contacts/contacts",
    _CONTACTS + b"$Contacts;->CONTENT_FILTER_URI": "content://com.android.contacts/contacts/filter",
    _CONTACTS + b"$Contacts;->CONTENT_LOOKUP_URI": "content://com.android.contacts/contacts/lookup",
    _CONTACTS + b"$Contacts;->CONTENT_STREQUENT_URI": "content://com.android.contacts/contacts/strequent",
    _CONTACTS + b"$Data;->CONTENT_URI": "content://com.android.contacts/data",
    _CONTACTS + b"$RawContacts;->CONTENT_URI": "content://com.android.contacts/raw_contacts",
    _CONTACTS + b"$RawContactsEntity;->CONTENT_URI": "content://com.android.contacts/raw_contact_entities",
    _CONTACTS + b"$Groups;->CONTENT_URI": "content://com.android.contacts/groups",
    _CONTACTS + b"$PhoneLookup;->CONTENT_FILTER_URI": "content://com.android.contacts/phone_lookup",
    _CONTACTS + b"$Profile;->CONTENT_URI": "content://com.android.contacts/profile",
    _CONTACTS + b"$DeletedContacts;->CONTENT_URI": "content://com.android.contacts/deleted_contacts",
    _PHONES + b"Phone;->CONTENT_URI": "content://com.android.contacts/data/phones",
    _PHONES + b"Phone;->CONTENT_FILTER_URI": "content://com.android.contacts/data/phones/filter",
    _PHONES + b"Email;->CONTENT_URI": "content://com.android.contacts/data/emails",
    _PHONES + b"Email;->CONTENT_LOOKUP_URI": "content://com.android.contacts/data/emails/lookup",
    _PHONES + b"StructuredPostal;->CONTENT_URI": "content://com.android.contacts/data/postals",
    _PHONES + b"Callable;->CONTENT_URI": "content://com.android.contacts/data/callables",
    _PHONES + b"Contactables;->CONTENT_URI": "content://com.android.contacts/data/contactables",
    b"Landroid/provider/Contacts$People;->CONTENT_URI": "content://contacts/people",
    b"Landroid/provider/Contacts$Phones;->CONTENT_URI": "content://contacts/phones",
    b"Landroid/provider/CallLog;->CONTENT_URI": "content://call_log",
    b"Landroid/provider/CallLog$Calls;->CONTENT_URI": "content://call_log/calls",
    b"Landroid/provider/CallLog$Calls;->CONTENT_URI_WITH_VOICEMAIL": "content://call_log/calls",
    b"Landroid/provider/CallLog$Calls;->CONTENT_FILTER_URI": "content://call_log/calls/filter",
    _CALENDAR + b";->CONTENT_URI": "content://com.android.calendar",
    _CALENDAR + b"$Calendars;->CONTENT_URI": "content://com.android.calendar/calendars",
    _CALENDAR + b"$Events;->CONTENT_URI": "content://com.android.calendar/events",
    _CALENDAR + b"$Attendees;->CONTENT_URI": "content://com.android.calendar/attendees",
    _CALENDAR + b"$Reminders;->CONTENT_URI": "content://com.android.calendar/reminders",
    _CALENDAR + b"$Instances;->CONTENT_URI": "content://com.android.calendar/instances/when",
    _TELEPHONY + b"Sms;->CONTENT_URI": "content://sms",
    _TELEPHONY + b"Sms$Inbox;->CONTENT_URI": "content://sms/inbox",
    _TELEPHONY + b"Sms$Sent;->CONTENT_URI": "content://sms/sent",
    _TELEPHONY + b"Sms$Draft;->CONTENT_URI": "content://sms/draft",
    _TELEPHONY + b"Sms$Outbox;->CONTENT_URI": "content://sms/outbox",
    _TELEPHONY + b"Sms$Conversations;->CONTENT_URI": "content://sms/conversations",
    _TELEPHONY + b"Mms;->CONTENT_URI": "content://mms",
    _TELEPHONY + b"Mms$Inbox;->CONTENT_URI": "content://mms/inbox",
    _TELEPHONY + b"Mms$Sent;->CONTENT_URI": "content://mms/sent",
    _TELEPHONY + b"MmsSms;->CONTENT_URI": "content://mms-sms",
    _TELEPHONY + b"MmsSms;->CONTENT_CONVERSATIONS_URI": "content://mms-sms/conversations",
    _TELEPHONY + b"Threads;->CONTENT_URI": "content://mms-sms/conversations",
    _TELEPHONY + b"Carriers;->CONTENT_URI": "content://telephony/carriers",
    b"Landroid/provider/VoicemailContract$Voicemails;->CONTENT_URI": "content://com.android.voicemail/voicemail",
    b"Landroid/provider/Browser;->BOOKMARKS_URI": "content://browser/bookmarks",
    b"Landroid/provider/Settings$Secure;->CONTENT_URI": "content://settings/secure",
    b"Landroid/provider/Settings$System;->CONTENT_URI": "content://settings/system",
    b"Landroid/provider/Settings$Global;->CONTENT_URI": "content://settings/global",
    _MEDIA + b"Images$Media;->EXTERNAL_CONTENT_URI": "content://media/external/images/media",
    _MEDIA + b"Images$Media;->INTERNAL_CONTENT_URI": "content://media/internal/images/media",
    _MEDIA + b"Images$Thumbnails;->EXTERNAL_CONTENT_URI": "content://media/external/images/thumbnails",
    _MEDIA + b"Video$Media;->EXTERNAL_CONTENT_URI": "content://media/external/video/media",
    _MEDIA + b"Video$Media;->INTERNAL_CONTENT_URI": "content://media/internal/video/media",
    _MEDIA + b"Video$Thumbnails;->EXTERNAL_CONTENT_URI": "content://media/external/video/thumbnails",
    _MEDIA + b"Audio$Media;->EXTERNAL_CONTENT_URI": "content://media/external/audio/media",
    _MEDIA + b"Audio$Media;->INTERNAL_CONTENT_URI": "content://media/internal/audio/media",
    _MEDIA + b"Audio$Albums;->EXTERNAL_CONTENT_URI": "content://media/external/audio/albums",
    _MEDIA + b"Downloads;->EXTERNAL_CONTENT_URI": "content://media/external/downloads",
}


def is_platform(descriptor: bytes) -> bool:
    """Whether a class is one that Android itself provides, and no package should carry."""
    return descriptor.startswith((b"Landroid/", b"Ljava/", b"Ljavax/", b"Ldalvik/", b"Llibcore/")) and not (
        descriptor.startswith((b"Landroid/support/", b"Landroid/arch/", b"Ljavax/inject/", b"Ljavax/annotation/"))
    )
