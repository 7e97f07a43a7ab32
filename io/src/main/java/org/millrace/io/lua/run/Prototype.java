package org.millrace.io.lua.run;

/**
 * A function as it was written; closures are made of it.
 *
 * @param source name of the chunk, as {@code @user_script}.
 * @param line where it begins.
 * @param parameters how many it names.
 * @param isVararg true if it takes more.
 * @param argSlot the slot of the table {@code arg} with these, if they are wanted so; else -1.
 * @param slots of its frames.
 * @param cells slots of parameters that inner functions use.
 * @param upvalues where each comes from: a slot of the function around it, or {@code ~i} for that one's upvalue i.
 * @param names of the upvalues.
 * @param body what it does.
 */
public record Prototype(
    String source,
    int line,
    int parameters,
    boolean isVararg,
    int argSlot,
    int slots,
    int[] cells,
    int[] upvalues,
    String[] names,
    Statement body)
{
}
