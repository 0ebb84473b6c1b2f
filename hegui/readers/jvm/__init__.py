"""JVM class files (类文件), as SDKs are delivered in JARs and AARs.

Byte offsets, names in internal form (`android/os/Build`) and descriptors follow "The Java Virtual Machine
Specification" (JVMS), Java SE 25 edition; section numbers in this folder are its own.
"""
