package org.millrace.io.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads certificates out of PEM files. */
final class Certificates
{
    /** How {@code openssl rehash} names files, which OpenSSL then finds. */
    private static final Pattern HASHED = Pattern.compile("[0-9a-f]{8}\\.\\d+");

    private static final String LABEL = "CERTIFICATE";
    private static final int PROBE_BYTES = 32;

    private Certificates()
    {
    }

    /** All certificates of a file, in their order: the first is its owner's, or all are authorities. */
    static List<X509Certificate> read(final Path path) throws IOException, GeneralSecurityException
    {
        final CertificateFactory factory = CertificateFactory.getInstance("X.509");
        final List<X509Certificate> found = new ArrayList<>();
        final byte[] file = Pem.read(path);
        for (final Pem.Block block : Pem.parse(file))
        {
            if (LABEL.equals(block.label()) || "X509 CERTIFICATE".equals(block.label()))
            {
                found.add((X509Certificate)factory.generateCertificate(new ByteArrayInputStream(block.content())));
            }
            else if (("TRUSTED " + LABEL).equals(block.label()))
            {
                throw new IOException("its form is OpenSSL's own; convert it: openssl x509 -in FILE -out FILE.pem");
            }
        }

        if (found.isEmpty())
        {
            throw new IOException(
                file.length > 0 && Der.SEQUENCE == file[0]
                    ? "it is not PEM; convert it: openssl x509 -inform DER -in FILE -out FILE.pem"
                    : "no certificate in it");
        }

        return found;
    }

    /** Those of a directory whose files are named by hash. @throws IOException there are none. */
    static List<X509Certificate> readDirectory(final Path directory) throws IOException, GeneralSecurityException
    {
        final List<X509Certificate> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory))
        {
            for (final Path file : files)
            {
                if (HASHED.matcher(file.getFileName().toString()).matches())
                {
                    found.addAll(read(file));
                }
            }
        }

        if (found.isEmpty())
        {
            throw new IOException("no file in it has a name as made by: openssl rehash DIRECTORY");
        }

        return found;
    }

    /** Whether a key is the one that a certificate speaks of. */
    static boolean isPair(final PrivateKey secret, final PublicKey open)
    {
        final String algorithm = switch (secret.getAlgorithm())
        {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default -> null;
        };
        if (null == algorithm)
        {
            return secret.getAlgorithm().equals(open.getAlgorithm());
        }

        try
        {
            final Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(new byte[PROBE_BYTES]);
            final byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(new byte[PROBE_BYTES]);
            return signature.verify(signed);
        }
        catch (final GeneralSecurityException e)
        {
            return false;
        }
    }
}
