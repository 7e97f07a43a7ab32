/**
 * The machine for scripts and functions: Lua 5.1 as Redis has it, in Java. {@link org.millrace.io.lua.LuaMachine} is what a
 * node is given; a {@link org.millrace.io.lua.World} is what a script sees; {@link org.millrace.io.lua.RedisLibrary} is how it
 * reaches the node. The language itself is in the packages below, which know nothing of a node.
 */
package org.millrace.io.lua;
