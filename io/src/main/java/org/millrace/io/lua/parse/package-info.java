/**
 * Reads the source of Lua 5.1 and makes code of it, in one pass; errors are in the words of Lua 5.1. {@link
 * org.millrace.io.lua.parse.Parser#parse} is all that others need.
 */
package org.millrace.io.lua.parse;
