/**
 * Runs Lua 5.1: code is a tree of nodes ({@link org.millrace.io.lua.run.Expression}, {@link
 * org.millrace.io.lua.run.Statement}) that execute themselves on a {@link org.millrace.io.lua.run.Frame}, one for each call of a
 * {@link org.millrace.io.lua.run.LuaClosure}. {@link org.millrace.io.lua.run.LuaState} is what they share: the frames, steps
 * counted, and metatables of types. {@link org.millrace.io.lua.run.Meta} is what happens beyond the plain case.
 * <p>
 * Frames are not taken down when an error passes: whoever catches it ({@link
 * org.millrace.io.lua.run.LuaState#protect}) finds where it was thrown, and puts them back.
 */
package org.millrace.io.lua.run;
