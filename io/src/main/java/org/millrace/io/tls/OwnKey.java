package org.millrace.io.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** One key with its certificates, for whoever asks: as in OpenSSL, also if the peer has named other authorities. */
final class OwnKey extends X509ExtendedKeyManager
{
    private static final String ALIAS = "own";

    private final PrivateKey key;
    private final X509Certificate[] chain;

    OwnKey(final PrivateKey key, final List<X509Certificate> chain)
    {
        this.key = key;
        this.chain = chain.toArray(new X509Certificate[0]);
    }

    private String alias(final String keyType)
    {
        final String algorithm = chain[0].getPublicKey().getAlgorithm();
        return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_") ||
            "Ed25519".equals(keyType) && "EdDSA".equals(algorithm) ? ALIAS : null;
    }

    @Override
    public String chooseEngineServerAlias(final String keyType, final Principal[] issuers, final SSLEngine engine)
    {
        return alias(keyType);
    }

    @Override
    public String chooseEngineClientAlias(final String[] keyTypes, final Principal[] issuers, final SSLEngine engine)
    {
        for (final String keyType : keyTypes)
        {
            if (null != alias(keyType))
            {
                return ALIAS;
            }
        }

        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(final String alias)
    {
        return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(final String alias)
    {
        return key;
    }

    @Override
    public String[] getClientAliases(final String keyType, final Principal[] issuers)
    {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public String[] getServerAliases(final String keyType, final Principal[] issuers)
    {
        return null == alias(keyType) ? null : new String[]{ALIAS};
    }

    @Override
    public String chooseClientAlias(final String[] keyTypes, final Principal[] issuers, final Socket socket)
    {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String chooseServerAlias(final String keyType, final Principal[] issuers, final Socket socket)
    {
        return alias(keyType);
    }
}
