// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Takes all memory of another virtual machine of Java, as code with a leak would. */
public final class Glutton {

    private static final int MEBIBYTE = 1 << 20;

    private Glutton() {}

    /** In the other one. */
    @SuppressWarnings("ModifiedButNotUsed") // What is taken is only to be kept.
    public static void agentmain(String arguments) {
        Thread.ofPlatform().daemon().name("glutton").start(() -> {
            List<byte[]> taken = new ArrayList<>();
            while (true) {
                taken.add(new byte[MEBIBYTE]);
            }
        });
    }

    /** Returns when it has begun there. */
    static void sendTo(long pid) throws Exception {
        Path jar = Files.createTempFile("glutton", ".jar");
        try {
            pack(jar);
            VirtualMachine machine = VirtualMachine.attach("" + pid);
            try {
                machine.loadAgent(jar.toString());
            } finally {
                machine.detach();
            }
        } finally {
            Files.delete(jar);
        }
    }

    private static void pack(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Agent-Class"), Glutton.class.getName());
        String entry = Glutton.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(file, manifest);
                var code = Glutton.class.getResourceAsStream("/" + entry)) {
            packed.putNextEntry(new JarEntry(entry));
            code.transferTo(packed);
        }
    }
}
