"""An SDK as its vendor delivers it (第三方SDK): an Android library (AAR) or a JAR, before any app takes it in.

An AAR is a ZIP of AndroidManifest.xml, classes.jar, libs/*.jar, proguard.txt, R.txt, jni/ABI/*.so, assets/ and res/
(developer.android.com, "Create an Android library", "Anatomy of an AAR file").
"""
