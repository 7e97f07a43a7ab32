package org.millrace.io.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Reads a private key out of a PEM file: PKCS#8, encrypted or not, and the older forms of RSA and elliptic keys. What else
 * OpenSSL reads is refused with the command that makes one of these of it.
 */
final class KeyFile
{
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

    private static final String PBES2_ID = "1.2.840.113549.1.5.13";
    private static final byte[] VERSION_0 = Der.element(Der.INTEGER, new byte[]{0});

    /** rsaEncryption, 1.2.840.113549.1.1.1, and the NULL that goes with it. */
    private static final byte[] RSA = Der.element(
        Der.SEQUENCE,
        Der.element(Der.OBJECT_ID, new byte[]{0x2A, (byte)0x86, 0x48, (byte)0x86, (byte)0xF7, 0x0D, 1, 1, 1}),
        new byte[]{5, 0});

    /** id-ecPublicKey, 1.2.840.10045.2.1. */
    private static final byte[] ELLIPTIC = Der.element(Der.OBJECT_ID,
        new byte[]{0x2A, (byte)0x86, 0x48, (byte)0xCE, 0x3D, 2, 1});

    private final String name;
    private final String password;

    private KeyFile(final String name, final String password)
    {
        this.name = name;
        this.password = password;
    }

    /**
     * The key in a file.
     *
     * @param name     of the file, for what is said of it.
     * @param password empty for none.
     * @throws IOException              it is not there, or in no form that is read; says what to do.
     * @throws GeneralSecurityException it is broken, or the password is wrong.
     */
    static PrivateKey read(final byte[] file, final String name, final String password)
        throws IOException, GeneralSecurityException
    {
        final KeyFile reader = new KeyFile(name, password);
        if (file.length > 0 && Der.SEQUENCE == file[0])
        {
            throw reader.refusal("is not PEM",
                isPkcs12(file) ? "pkcs12 -in FILE -nocerts -noenc" : "pkey -inform DER -in FILE");
        }

        for (final Pem.Block block : Pem.parse(file))
        {
            if (block.label().endsWith("PRIVATE KEY"))
            {
                return reader.key(block);
            }
        }

        throw new IOException("no private key in it");
    }

    private static boolean isPkcs12(final byte[] file)
    {
        try
        {
            final byte[] version = new Der(file).enter(Der.SEQUENCE).enter(Der.INTEGER).rest();
            return 1 == version.length && 3 == version[0];
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    private PrivateKey key(final Pem.Block block) throws IOException, GeneralSecurityException
    {
        if (block.isEncrypted())
        {
            throw refusal("has an old form of encryption", "pkcs8 -topk8 -v2 aes-256-cbc -in FILE");
        }

        return switch (block.label())
        {
            case "PRIVATE KEY" -> decode(block.content());
            case "ENCRYPTED PRIVATE KEY" -> decode(decrypt(block.content()));
            case "RSA PRIVATE KEY" -> decode(
                Der.element(Der.SEQUENCE, VERSION_0, RSA, Der.element(Der.OCTETS, block.content())));
            case "EC PRIVATE KEY" -> decode(elliptic(block.content()));
            default -> throw refusal("is of the kind " + block.label(), "pkey -in FILE");
        };
    }

    private IOException refusal(final String what, final String command)
    {
        return new IOException(
            "the key " + what + ", which is not read; convert it: openssl " + command.replace("FILE", name) + " -out " +
                name + ".pem");
    }

    /** The older form says within which curve it is of, the newer one beside. */
    private byte[] elliptic(final byte[] key) throws IOException
    {
        final Der fields = new Der(key).enter(Der.SEQUENCE);
        fields.skip();
        fields.skip();
        if (fields.isAtEnd() || Der.CURVE != fields.tag())
        {
            throw refusal("does not name its curve", "pkcs8 -topk8 -nocrypt -in FILE");
        }

        final byte[] curve = fields.enter(Der.CURVE).rest();
        return Der.element(
            Der.SEQUENCE, VERSION_0, Der.element(Der.SEQUENCE, ELLIPTIC, curve), Der.element(Der.OCTETS, key));
    }

    private byte[] decrypt(final byte[] encrypted) throws IOException, GeneralSecurityException
    {
        if (password.isEmpty())
        {
            throw new IOException("the key is encrypted and no password is given");
        }

        final EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
        final AlgorithmParameters parameters = info.getAlgParameters();
        try
        {
            // The name that the JDK gives is that of a whole family; its parameters know which one.
            final boolean isFamily = "PBES2".equals(info.getAlgName()) || PBES2_ID.equals(info.getAlgName());
            final String algorithm = isFamily ? parameters.toString() : info.getAlgName();
            final PBEKeySpec secret = new PBEKeySpec(password.toCharArray());
            final Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(secret), parameters);
            secret.clearPassword();
            return info.getKeySpec(cipher).getEncoded();
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw refusal("is encrypted in a way", "pkcs8 -topk8 -v2 aes-256-cbc -in FILE");
        }
    }

    private static PrivateKey decode(final byte[] pkcs8) throws GeneralSecurityException
    {
        GeneralSecurityException failure = null;
        for (final String algorithm : ALGORITHMS)
        {
            try
            {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            }
            catch (final GeneralSecurityException e)
            {
                failure = e;
            }
        }

        throw failure;
    }
}
