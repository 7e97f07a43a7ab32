package org.millrace.io.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.kit.tls.TestCertificates;

/** Keys, certificates and options of all forms: taken, or refused with a text that helps. */
class TlsFilesTest
{
    private static final String SECRET = "secret";

    @TempDir
    Path directory;

    private TestCertificates certificates;

    @BeforeEach
    void writeFiles() throws IOException
    {
        certificates = TestCertificates.in(directory);
    }

    private Path file(final String name) throws IOException
    {
        final Path path = directory.resolve(name);
        if (!Files.exists(path))
        {
            try (InputStream input = getClass().getResourceAsStream(name))
            {
                Files.copy(input, path, StandardCopyOption.REPLACE_EXISTING);
            }
        }

        return path;
    }

    private PrivateKey key(final String name, final String password) throws IOException, GeneralSecurityException
    {
        return KeyFile.read(Pem.read(file(name)), name, password);
    }

    @ParameterizedTest
    @CsvSource({
        "server.key, '', server.crt",
        "server-pkcs1.key, '', server.crt",
        "server-encrypted.key, secret, server.crt",
        "server-pbe1.key, secret, server.crt",
        "ec.key, '', ec.crt",
        "ec-sec1.key, '', ec.crt",
        "ed.key, '', ed.crt"})
    void shouldReadKeysOfEachForm(final String name, final String password, final String certificate) throws Exception
    {
        final PrivateKey key = key(name, password);
        assertTrue(Certificates.isPair(key, Certificates.read(file(certificate)).get(0).getPublicKey()));
        assertFalse(Certificates.isPair(key, Certificates.read(file("other.crt")).get(0).getPublicKey()));
        assertFalse(Certificates.isPair(key, Certificates.read(file("client.crt")).get(0).getPublicKey()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "server-old-encrypted.key | openssl pkcs8 -topk8 -v2 aes-256-cbc -in server-old-encrypted.key -out",
        "server.der               | openssl pkey -inform DER -in server.der -out server.der.pem",
        "server.p12               | openssl pkcs12 -in server.p12 -nocerts -noenc -out server.p12.pem",
        "server-encrypted.key     | no password is given",
        "ca.crt                   | no private key in it"})
    void shouldSayWhatMakesOthersReadable(final String name, final String expected)
    {
        final IOException refusal = assertThrows(IOException.class, () -> key(name, ""));
        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }

    @Test
    void shouldRefuseAWrongPassword()
    {
        assertThrows(GeneralSecurityException.class, () -> key("server-encrypted.key", "wrong"));
    }

    @Test
    void shouldSurviveBrokenKeys() throws Exception
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (final String name : List.of("server-pkcs1.key", "ec-sec1.key", "server-encrypted.key"))
        {
            final byte[] good = Files.readAllBytes(file(name));
            for (int i = 0; i < 60; i++)
            {
                final byte[] bad = Arrays.copyOf(good,
                    random.nextBoolean() ? good.length : random.nextInt(good.length));
                for (int k = random.nextInt(4); k >= 0 && bad.length > 0; k--)
                {
                    bad[random.nextInt(bad.length)] = (byte)random.nextInt();
                }

                try
                {
                    KeyFile.read(bad, name, SECRET);
                }
                catch (final IOException | GeneralSecurityException expected)
                {
                    // What else it throws is an error of ours.
                    continue;
                }
                catch (final RuntimeException e)
                {
                    throw new AssertionError("seed " + seed + ": " + new String(bad, ISO_8859_1), e);
                }
            }
        }
    }

    private Config config(final String... more) throws Exception
    {
        final Config config = Config.inMemory();
        final List<String> options = new ArrayList<>(List.of(certificates.serverOptions(1)));
        options.addAll(List.of(more));
        for (int i = 0; i < options.size(); i += 2)
        {
            config.load(ConfigOption.byName(options.get(i).substring(2)), List.of(options.get(i + 1)));
        }

        return config;
    }

    private String refusal(final String... more) throws Exception
    {
        final TlsOptions options = TlsOptions.of(config(more));
        return assertThrows(TlsException.class, () -> TlsContext.of(options, true)).getMessage();
    }

    @Test
    void shouldMakeAContextOfWhatIsGiven() throws Exception
    {
        final TlsContext context = TlsContext.of(TlsOptions.of(config(
            "--tls-client-cert-file", certificates.file("client.crt").toString(),
            "--tls-client-key-file", certificates.file("client.key").toString(),
            "--tls-ciphers", "ECDHE+AESGCM", "--tls-ciphersuites", "TLS_AES_256_GCM_SHA384",
            "--tls-prefer-server-ciphers", "yes", "--tls-protocols", "TLSv1.1 tlsv1.2 TLSv1.3")), true);
        assertEquals(List.of("TLSv1.2", "TLSv1.3"), List.of(context.accepting().getEnabledProtocols()));
        final List<String> suites = List.of(context.accepting().getEnabledCipherSuites());
        assertEquals("TLS_AES_256_GCM_SHA384", suites.get(0));
        assertTrue(suites.stream().skip(1).allMatch((each) -> each.matches("TLS_ECDHE_.*GCM.*")), suites::toString);
        assertTrue(context.accepting().getNeedClientAuth());
        assertTrue(context.accepting().getSSLParameters().getUseCipherSuitesOrder());
        assertTrue(context.connecting().getUseClientMode());
    }

    @ParameterizedTest
    @CsvSource({"no, false, false", "optional, false, true", "yes, true, false"})
    void shouldAskClientsForCertificatesAsTold(final String value, final boolean isNeeded, final boolean isWanted)
        throws Exception
    {
        final TlsContext context = TlsContext.of(TlsOptions.of(config("--tls-auth-clients", value)), false);
        assertEquals(isNeeded, context.accepting().getNeedClientAuth());
        assertEquals(isWanted, context.accepting().getWantClientAuth());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "tls-cert-file    | ''                | No tls-cert-file configured!",
        "tls-key-file     | ''                | No tls-key-file configured!",
        "tls-ca-cert-file | ''                | Either tls-ca-cert-file or tls-ca-cert-dir must be specified when",
        "tls-cert-file    | /nosuch.crt       | Failed to load certificate: /nosuch.crt: No such file or directory",
        "tls-key-file     | /nosuch.key       | Failed to load private key: /nosuch.key: No such file or directory",
        "tls-ca-cert-file | /nosuch           | Failed to configure CA certificate(s) file/directory: /nosuch: No such",
        "tls-protocols    | SSLv3             | Invalid tls-protocols specified. Use a combination of",
        "tls-protocols    | TLSv1.1           | This JVM has none of the tls-protocols switched on",
        "tls-ciphers      | nosuch            | Failed to configure ciphers: nosuch",
        "tls-ciphersuites | TLS_NO_SUCH       | Failed to configure ciphersuites: TLS_NO_SUCH"})
    void shouldRefuseWhatMakesNoContext(final String name, final String value, final String expected) throws Exception
    {
        final String refusal = refusal("--" + name, value);
        assertTrue(refusal.startsWith(expected), refusal);
    }

    @Test
    void shouldRefuseAKeyOfAnotherCertificate() throws Exception
    {
        final String refusal = refusal("--tls-key-file", certificates.file("client.key").toString());
        assertTrue(refusal.contains("it is not that of the certificate"), refusal);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFindAuthoritiesByHash(final boolean isHashed) throws Exception
    {
        final Path authorities = Files.createDirectory(directory.resolve("authorities"));
        Files.copy(certificates.file("ca.crt"), authorities.resolve(isHashed ? "0123abcd.0" : "ca.crt"));
        final String[] options = {"--tls-ca-cert-file", "", "--tls-ca-cert-dir", authorities.toString()};
        if (isHashed)
        {
            assertTrue(TlsContext.of(TlsOptions.of(config(options)), true).accepting().getNeedClientAuth());
        }
        else
        {
            assertTrue(refusal(options).contains("openssl rehash"), () -> "no refusal");
        }
    }
}
