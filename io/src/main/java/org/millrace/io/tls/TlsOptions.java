package org.millrace.io.tls;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.io.file.HostFiles;

/**
 * What the options say of TLS, at one moment. Paths and lists are empty where nothing is given.
 *
 * @param clientAuth whether who connects has to have a certificate.
 * @param protocols  names as in the option.
 */
record TlsOptions(
    Identity server,
    Identity client,
    String caFile,
    Path caFilePath,
    String caDirectory,
    Path caDirectoryPath,
    ClientAuth clientAuth,
    List<String> protocols,
    String ciphers,
    String suites,
    boolean isServersOrder,
    boolean isSessionCached,
    int sessions,
    int sessionSeconds)
{
    private static final Pattern BLANKS = Pattern.compile(" +");

    /** Values of tls-auth-clients. */
    enum ClientAuth
    {
        NO,
        YES,
        OPTIONAL
    }

    /** Files of a key and its certificates, as the configuration names them and where they lie, and its password. */
    record Identity(String certificate, Path certificatePath, String key, Path keyPath, String password)
    {
    }

    /** @throws TlsException a name that no file of this machine can have. */
    static TlsOptions of(final Config config) throws TlsException
    {
        final Identity server = identity(
            config, ConfigOption.TLS_CERT_FILE, ConfigOption.TLS_KEY_FILE, ConfigOption.TLS_KEY_FILE_PASS);
        final boolean hasClient = !config.text(ConfigOption.TLS_CLIENT_CERT_FILE).isEmpty();
        final String protocols = config.text(ConfigOption.TLS_PROTOCOLS).trim();
        return new TlsOptions(
            server,
            !hasClient
                ? server
                : identity(
                    config,
                    ConfigOption.TLS_CLIENT_CERT_FILE,
                    ConfigOption.TLS_CLIENT_KEY_FILE,
                    ConfigOption.TLS_CLIENT_KEY_FILE_PASS),
            config.text(ConfigOption.TLS_CA_CERT_FILE),
            path(config, ConfigOption.TLS_CA_CERT_FILE),
            config.text(ConfigOption.TLS_CA_CERT_DIR),
            path(config, ConfigOption.TLS_CA_CERT_DIR),
            switch (config.print(ConfigOption.TLS_AUTH_CLIENTS))
            {
                case "no" -> ClientAuth.NO;
                case "optional" -> ClientAuth.OPTIONAL;
                default -> ClientAuth.YES;
            },
            protocols.isEmpty() ? List.of() : List.of(BLANKS.split(protocols)),
            config.text(ConfigOption.TLS_CIPHERS),
            config.text(ConfigOption.TLS_CIPHERSUITES),
            config.is(ConfigOption.TLS_PREFER_SERVER_CIPHERS),
            config.is(ConfigOption.TLS_SESSION_CACHING),
            config.integer(ConfigOption.TLS_SESSION_CACHE_SIZE),
            config.integer(ConfigOption.TLS_SESSION_CACHE_TIMEOUT));
    }

    private static Identity identity(
        final Config config, final ConfigOption certificate, final ConfigOption key, final ConfigOption password)
        throws TlsException
    {
        return new Identity(
            config.text(certificate), path(config, certificate), config.text(key), path(config, key),
            config.text(password));
    }

    /** Null if the option names nothing. */
    private static Path path(final Config config, final ConfigOption option) throws TlsException
    {
        final String name = config.text(option);
        try
        {
            return name.isEmpty() ? null : HostFiles.path(config.path(name));
        }
        catch (final InvalidPathException e)
        {
            throw new TlsException(option.optionName(), e);
        }
    }
}
