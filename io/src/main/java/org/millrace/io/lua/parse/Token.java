package org.millrace.io.lua.parse;

/** Kinds of tokens. Single characters that mean something stand for themselves, as numbers below 256. */
final class Token
{
    static final int END = 257;
    static final int NAME = 258;
    static final int STRING = 259;
    static final int NUMBER = 260;
    static final int CONCAT = 261;
    static final int DOTS = 262;
    static final int EQUAL = 263;
    static final int NOT_EQUAL = 264;
    static final int LESS_EQUAL = 265;
    static final int GREATER_EQUAL = 266;

    static final int AND = 270;
    static final int BREAK = 271;
    static final int DO = 272;
    static final int ELSE = 273;
    static final int ELSEIF = 274;
    static final int END_WORD = 275;
    static final int FALSE = 276;
    static final int FOR = 277;
    static final int FUNCTION = 278;
    static final int IF = 279;
    static final int IN = 280;
    static final int LOCAL = 281;
    static final int NIL = 282;
    static final int NOT = 283;
    static final int OR = 284;
    static final int REPEAT = 285;
    static final int RETURN = 286;
    static final int THEN = 287;
    static final int TRUE = 288;
    static final int UNTIL = 289;
    static final int WHILE = 290;

    private static final String[] WORDS = {
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local", "nil", "not",
        "or",
        "repeat", "return", "then", "true", "until", "while"
    };

    private static final String[] SYMBOLS = {
        "<eof>", "<name>", "<string>", "<number>", "..", "...", "==", "~=", "<=", ">="
    };

    private Token()
    {
    }

    /** The kind of a reserved word, or {@link #NAME}. */
    static int ofWord(final String text)
    {
        for (int i = 0; i < WORDS.length; i++)
        {
            if (WORDS[i].equals(text))
            {
                return AND + i;
            }
        }

        return NAME;
    }

    /** As errors name it. */
    static String text(final int kind)
    {
        if (kind >= AND)
        {
            return WORDS[kind - AND];
        }

        if (kind >= END)
        {
            return SYMBOLS[kind - END];
        }

        return kind < ' ' || 127 == kind ? "char(" + kind + ")" : String.valueOf((char)kind);
    }
}
