package org.millrace.kit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority with a server's and a client's certificate, and another authority with one of its own, as PEM files. Their
 * keys are known to everybody.
 */
public final class TestCertificates
{
    private static final List<String> FILES = List.of(
        "ca.crt", "server.crt", "server.key", "client.crt", "client.key", "other-ca.crt", "other.crt", "other.key");

    private static final char[] PASSWORD = {};

    private final Path directory;

    private TestCertificates(final Path directory)
    {
        this.directory = directory;
    }

    /** Puts the files into a directory. */
    public static TestCertificates in(final Path directory) throws IOException
    {
        Files.createDirectories(directory);
        for (final String name : FILES)
        {
            try (InputStream input = open(name))
            {
                Files.copy(input, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }

        return new TestCertificates(directory.toAbsolutePath());
    }

    private static InputStream open(final String name)
    {
        return TestCertificates.class.getResourceAsStream(name);
    }

    /** Where a file is. */
    public Path file(final String name)
    {
        return directory.resolve(name);
    }

    /** Options of a server, Redis or Millrace, that listens on this port with TLS. */
    public String[] serverOptions(final int tlsPort)
    {
        return new String[]{
            "--tls-port", Integer.toString(tlsPort),
            "--tls-cert-file", file("server.crt").toString(),
            "--tls-key-file", file("server.key").toString(),
            "--tls-ca-cert-file", file("ca.crt").toString()};
    }

    /** What a client needs that the server knows: its own certificate, and trust in the authority of the server's. */
    public static SSLContext clientContext()
    {
        return context("ca.crt", "client");
    }

    /** A client without a certificate. */
    public static SSLContext namelessContext()
    {
        return context("ca.crt", null);
    }

    /** A client whose certificate another authority has signed. */
    public static SSLContext strangerContext()
    {
        return context("ca.crt", "other");
    }

    private static SSLContext context(final String authority, final String own)
    {
        try
        {
            final KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", certificate(authority));
            final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            if (null != own)
            {
                store.setKeyEntry(
                    "own", key(own + ".key"), PASSWORD, new Certificate[]{certificate(own + ".crt")});
            }

            keys.init(store, PASSWORD);
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        }
        catch (final IOException | GeneralSecurityException e)
        {
            throw new IllegalStateException("the test certificates make no context", e);
        }
    }

    private static Certificate certificate(final String name) throws IOException, GeneralSecurityException
    {
        try (InputStream input = open(name))
        {
            return CertificateFactory.getInstance("X.509").generateCertificate(input);
        }
    }

    private static PrivateKey key(final String name) throws IOException, GeneralSecurityException
    {
        try (InputStream input = open(name))
        {
            final String pem = new String(input.readAllBytes(), StandardCharsets.US_ASCII);
            final PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(
                Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "")));
            return KeyFactory.getInstance(name.startsWith("other") ? "EC" : "RSA").generatePrivate(encoded);
        }
    }
}
