package org.millrace.io.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Options made into engines: keys, authorities, protocols and ciphers. Immutable; any thread. */
final class TlsContext
{
    /** A lifetime above that of any ticket: no tickets are given out then. */
    private static final int NO_TICKETS_SECONDS = 7 * 24 * 3600 + 1;

    private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final List<String> PROTOCOLS_DEFAULT = List.of("TLSv1.2", "TLSv1.3");

    private final SSLContext server;
    private final SSLContext client;
    private final SSLParameters serverParameters;
    private final SSLParameters clientParameters;
    private final boolean isSessionCached;

    private TlsContext(final SSLContext server, final SSLContext client, final TlsOptions options) throws TlsException
    {
        this.server = server;
        this.client = client;
        isSessionCached = options.isSessionCached();
        serverParameters = parameters(server, options);
        serverParameters.setUseCipherSuitesOrder(options.isServersOrder());
        switch (options.clientAuth())
        {
            case YES -> serverParameters.setNeedClientAuth(true);
            case OPTIONAL -> serverParameters.setWantClientAuth(true);
            case NO -> serverParameters.setNeedClientAuth(false);
        }

        clientParameters = parameters(client, options);
        final SSLSessionContext sessions = server.getServerSessionContext();
        sessions.setSessionCacheSize(options.sessions());
        sessions.setSessionTimeout(isSessionCached ? options.sessionSeconds() : NO_TICKETS_SECONDS);
    }

    /**
     * Read all files and make both contexts.
     *
     * @param isAuthorityNeeded whether peers are to be known, by replication or of clients.
     */
    static TlsContext of(final TlsOptions options, final boolean isAuthorityNeeded) throws TlsException
    {
        if (options.server().certificate().isEmpty())
        {
            throw new TlsException("No tls-cert-file configured!");
        }

        if (options.server().key().isEmpty())
        {
            throw new TlsException("No tls-key-file configured!");
        }

        if (null == options.caFilePath() && null == options.caDirectoryPath() &&
            (isAuthorityNeeded || TlsOptions.ClientAuth.NO != options.clientAuth()))
        {
            throw new TlsException("Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, " +
                "tls-replication or tls-auth-clients are enabled!");
        }

        if (options.client() != options.server() && options.client().key().isEmpty())
        {
            throw new TlsException("tls-client-cert-file is given, and no tls-client-key-file");
        }

        final TrustManager[] trust = trust(options);
        final OwnKey key = key(options.server());
        return new TlsContext(
            context(key, trust),
            context(options.client() == options.server() ? key : key(options.client()), trust),
            options);
    }

    private static SSLContext context(final OwnKey key, final TrustManager[] trust) throws TlsException
    {
        final Provider provider = TlsProvider.get();
        try
        {
            final SSLContext context = null == provider
                ? SSLContext.getInstance("TLS")
                : SSLContext.getInstance("TLS", provider);
            context.init(new KeyManager[]{key}, trust, null);
            return context;
        }
        catch (final GeneralSecurityException e)
        {
            throw new TlsException("Failed to make a TLS context", e);
        }
    }

    private static OwnKey key(final TlsOptions.Identity files) throws TlsException
    {
        final List<X509Certificate> chain;
        try
        {
            chain = Certificates.read(files.certificatePath());
        }
        catch (final IOException | GeneralSecurityException e)
        {
            throw new TlsException("Failed to load certificate: " + files.certificate(), e);
        }

        final PrivateKey key;
        try
        {
            key = KeyFile.read(Pem.read(files.keyPath()), files.key(), files.password());
        }
        catch (final IOException | GeneralSecurityException e)
        {
            throw new TlsException("Failed to load private key: " + files.key(), e);
        }

        if (!Certificates.isPair(key, chain.get(0).getPublicKey()))
        {
            throw new TlsException(
                "Failed to load private key: " + files.key() + ": it is not that of the certificate " +
                    files.certificate());
        }

        return new OwnKey(key, chain);
    }

    private static TrustManager[] trust(final TlsOptions options) throws TlsException
    {
        final List<X509Certificate> authorities = new ArrayList<>();
        addAuthorities(options.caFile(), options.caFilePath(), false, authorities);
        addAuthorities(options.caDirectory(), options.caDirectoryPath(), true, authorities);
        try
        {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++)
            {
                store.setCertificateEntry(Integer.toString(i), authorities.get(i));
            }

            final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        }
        catch (final IOException | GeneralSecurityException e)
        {
            throw new TlsException("Failed to configure CA certificate(s) file/directory", e);
        }
    }

    private static void addAuthorities(
        final String name, final Path path, final boolean isDirectory, final List<X509Certificate> target)
        throws TlsException
    {
        if (null != path)
        {
            try
            {
                target.addAll(isDirectory ? Certificates.readDirectory(path) : Certificates.read(path));
            }
            catch (final IOException | GeneralSecurityException e)
            {
                throw new TlsException("Failed to configure CA certificate(s) file/directory: " + name, e);
            }
        }
    }

    private static SSLParameters parameters(final SSLContext context, final TlsOptions options) throws TlsException
    {
        final SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(protocols(context, options.protocols()));
        parameters.setCipherSuites(suites(context, options));
        return parameters;
    }

    private static String[] protocols(final SSLContext context, final List<String> names) throws TlsException
    {
        final List<String> offered = new ArrayList<>();
        for (final String name : names)
        {
            final String known = PROTOCOLS.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
            if (null == known)
            {
                throw new TlsException("Invalid tls-protocols specified. Use a combination of 'TLSv1', 'TLSv1.1', " +
                    "'TLSv1.2', 'TLSv1.3'.");
            }

            offered.add(known);
        }

        if (offered.isEmpty())
        {
            offered.addAll(PROTOCOLS_DEFAULT);
        }

        // The JVM forbids the older ones, which may be named beside others.
        offered.retainAll(Arrays.asList(context.getDefaultSSLParameters().getProtocols()));
        if (offered.isEmpty())
        {
            throw new TlsException("This JVM has none of the tls-protocols switched on: see " +
                "jdk.tls.disabledAlgorithms in its java.security.");
        }

        return offered.toArray(new String[0]);
    }

    /** Those of TLS 1.3 first, as they are told by names of their own. */
    private static String[] suites(final SSLContext context, final TlsOptions options) throws TlsException
    {
        final List<String> preferred = new ArrayList<>(
            Arrays.asList(context.getDefaultSSLParameters().getCipherSuites()));
        final List<String> chosen = new ArrayList<>();
        for (final String suite : preferred)
        {
            if (!suite.contains("_WITH_") && options.suites().isEmpty())
            {
                chosen.add(suite);
            }
        }

        for (final String name : options.suites().split("[: ,]+"))
        {
            final String suite = name.toUpperCase(Locale.ROOT);
            if (!suite.contains("_WITH_") && preferred.contains(suite))
            {
                chosen.add(suite);
            }
        }

        if (chosen.isEmpty())
        {
            throw new TlsException("Failed to configure ciphersuites: " + options.suites());
        }

        final String list = options.ciphers().isEmpty() ? "DEFAULT" : options.ciphers();
        final List<String> older = new CipherList(preferred).select(list);
        if (older.isEmpty())
        {
            throw new TlsException("Failed to configure ciphers: " + options.ciphers());
        }

        chosen.addAll(older);
        return chosen.toArray(new String[0]);
    }

    /** For somebody who has connected. */
    SSLEngine accepting()
    {
        final SSLEngine engine = server.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(serverParameters);
        return engine;
    }

    /** For whom we connect to; as in Redis its name is not looked at, only who has signed it. */
    SSLEngine connecting()
    {
        final SSLEngine engine = client.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setSSLParameters(clientParameters);
        return engine;
    }

    /** Whether a client may come back to a session; if not it is to be forgotten. */
    boolean isSessionCached()
    {
        return isSessionCached;
    }
}
