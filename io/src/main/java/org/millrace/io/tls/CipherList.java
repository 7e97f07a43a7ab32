package org.millrace.io.tls;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The cipher lists of OpenSSL ({@code HIGH:!aNULL:-AES128-SHA}) over the suites of this JVM. A word is the name of a suite
 * or of a property, or several with a plus between them, which all have to be true; {@code !}, {@code -} and {@code +}
 * before it remove for good, remove, and move to the end. A word that fits nothing does nothing, as in OpenSSL.
 */
final class CipherList
{
    /** Words of each suite, by the name that the JDK has for it, in the JDK's order. */
    private final Map<String, Set<String>> suites = new LinkedHashMap<>();

    /** @param supported all suites of this JVM, in the order of preference. */
    CipherList(final List<String> supported)
    {
        for (final String suite : supported)
        {
            final int with = suite.indexOf("_WITH_");
            if (suite.startsWith("TLS_") && with > 0 && !suite.contains("_anon_") && !suite.contains("_NULL_") &&
                !suite.startsWith("TLS_KRB5"))
            {
                suites.put(suite, words(suite, with));
            }
        }
    }

    /** Those that a list leaves, in its order; none if it leaves none. */
    List<String> select(final String list)
    {
        final LinkedHashSet<String> chosen = new LinkedHashSet<>();
        final Set<String> banned = new HashSet<>();
        for (final String word : list.split("[:, ;]+"))
        {
            if (word.isEmpty() || word.startsWith("@"))
            {
                continue;
            }

            final char sign = word.charAt(0);
            final boolean hasSign = '!' == sign || '-' == sign || '+' == sign;
            final List<String> meant = matching(hasSign ? word.substring(1) : word);
            switch (sign)
            {
                case '!' -> {
                    meant.forEach(chosen::remove);
                    banned.addAll(meant);
                }
                case '-' -> meant.forEach(chosen::remove);
                case '+' -> {
                    meant.retainAll(chosen);
                    meant.forEach(chosen::remove);
                    chosen.addAll(meant);
                }
                default -> {
                    meant.removeAll(banned);
                    chosen.addAll(meant);
                }
            }
        }

        return List.copyOf(chosen);
    }

    private List<String> matching(final String conjunction)
    {
        final List<String> found = new ArrayList<>();
        final List<String> wanted = List.of(conjunction.split("\\+"));
        suites.forEach((suite, words) ->
        {
            if (words.containsAll(wanted))
            {
                found.add(suite);
            }
        });
        return found;
    }

    private static Set<String> words(final String suite, final int with)
    {
        final String[] exchange = suite.substring("TLS_".length(), with).split("_");
        final String[] cipher = suite.substring(with + "_WITH_".length()).split("_");
        final String mac = cipher[cipher.length - 1];
        final Set<String> words = new HashSet<>(Set.of("ALL", "DEFAULT", suite));
        exchangeWords(exchange, words);
        final String name = cipherWords(cipher, mac, words);
        words.add((1 == exchange.length ? "" : exchange[0] + "-" + exchange[1] + "-") + name);
        return words;
    }

    private static void exchangeWords(final String[] exchange, final Set<String> words)
    {
        final String keys = exchange[0];
        final String authority = exchange[exchange.length - 1];
        words.add("k" + keys);
        words.add("a" + authority);
        if (1 == exchange.length)
        {
            words.add(keys);
            return;
        }

        words.add(keys);
        if (keys.endsWith("HE"))
        {
            // Both spellings: with the E, for ephemeral, at the end or in front.
            final String older = "E" + keys.substring(0, keys.length() - 1);
            words.addAll(List.of(older, "k" + older));
        }

        if (!"RSA".equals(authority))
        {
            // The word RSA alone means keys that are exchanged by it.
            words.add(authority);
        }
    }

    private static String cipherWords(final String[] cipher, final String mac, final Set<String> words)
    {
        final boolean isAes = "AES".equals(cipher[0]);
        final boolean isGcm = isAes && "GCM".equals(cipher[2]);
        final boolean isChaCha = cipher[0].toUpperCase(Locale.ROOT).startsWith("CHACHA");
        words.add(isAes || isChaCha ? "HIGH" : "MEDIUM");
        words.add(isGcm || isChaCha || !"SHA".equals(mac) ? "TLSv1.2" : "SSLv3");
        if (isChaCha)
        {
            words.add("CHACHA20");
            return "CHACHA20-POLY1305";
        }

        if (!isGcm)
        {
            words.add(mac);
            if ("SHA".equals(mac))
            {
                words.addAll(List.of("SHA1", "TLSv1", "TLSv1.0"));
            }
        }

        if (!isAes)
        {
            words.add(cipher[0]);
            return String.join("-", cipher);
        }

        words.add("AES");
        words.add("AES" + cipher[1]);
        if (isGcm)
        {
            words.add("AESGCM");
        }

        return "AES" + cipher[1] + "-" + (isGcm ? "GCM-" : "") + mac;
    }
}
