/**
 * The values of Lua 5.1 in Java, and how they are written and read as text. Nil is {@code null}, booleans are {@link
 * java.lang.Boolean}, numbers are {@link java.lang.Double}, the rest has classes here. Several results of a call are an
 * {@code Object[]}, which is no value of Lua; one result may stand for itself.
 */
package org.millrace.io.lua.value;
