package org.millrace.engine.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;

/**
 * A {@code user} line of a configuration file, as far as it says what {@code requirepass} can say: the default user, who
 * may do everything, with one password or none. CONFIG REWRITE of Redis leaves such a line in every file. Any other
 * line restricts somebody, and must stop the start. Pure functions.
 */
final class UserLine
{
    private static final String DEFAULT_USER = "default";
    private static final int HASH_LENGTH = 64;

    private UserLine()
    {
    }

    /**
     * @param words       the name and the rules.
     * @param requirepass the password that is given beside the line, empty if none.
     * @return the password that is to be required, empty for none.
     * @throws ConfigException the line says something else.
     */
    static String password(final List<String> words, final String requirepass) throws ConfigException
    {
        if (!DEFAULT_USER.equals(words.get(0)))
        {
            throw refused("there is no other user than default");
        }

        String password = null;
        boolean isOn = false;
        int granted = 0;
        for (final String word : words.subList(1, words.size()))
        {
            final String rule = word.toLowerCase(Locale.ROOT);
            switch (rule)
            {
                case "on" -> isOn = true;
                case "sanitize-payload" -> granted |= 0;
                case "~*", "allkeys" -> granted |= 1;
                case "&*", "allchannels" -> granted |= 1 << 1;
                case "+@all", "allcommands" -> granted |= 1 << 2;
                default -> password = password(word, rule, password, requirepass);
            }
        }

        if (!isOn || 7 != granted)
        {
            throw refused("it must be on and be allowed everything: on ~* &* +@all");
        }

        final String found = null == password ? "" : password;
        if (!requirepass.isEmpty() && !requirepass.equals(found))
        {
            throw refused("requirepass gives it another password");
        }

        return found;
    }

    private static String password(
        final String word, final String rule, final String former, final String requirepass) throws ConfigException
    {
        final String password;
        if ("nopass".equals(rule))
        {
            password = "";
        }
        else if (word.startsWith(">") && word.length() > 1)
        {
            password = word.substring(1);
        }
        else if (word.startsWith("#") && 1 + HASH_LENGTH == word.length())
        {
            if (!rule.substring(1).equals(hash(requirepass)))
            {
                throw refused("a password that is known by its hash alone needs requirepass beside it");
            }

            password = requirepass;
        }
        else
        {
            throw refused("the rule '" + word.charAt(0) + "...' restricts or has no meaning here");
        }

        if (null != former && !former.equals(password))
        {
            throw refused("it has one password at most");
        }

        return password;
    }

    private static String hash(final String password)
    {
        try
        {
            final StringBuilder hex = new StringBuilder(HASH_LENGTH);
            for (final byte each : MessageDigest.getInstance("SHA-256").digest(
                password.getBytes(StandardCharsets.ISO_8859_1)))
            {
                hex.append(Character.forDigit(each >> 4 & 0xF, 16)).append(Character.forDigit(each & 0xF, 16));
            }

            return hex.toString();
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static ConfigException refused(final String reason)
    {
        return new ConfigException(
            ConfigOption.USER,
            "Millrace has no access control list, only the default user with requirepass: " + reason);
    }
}
