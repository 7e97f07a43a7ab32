package org.millrace.io.lua.lib;

/** What {@code cjson} can be told; stays so until the script engine begins anew. */
final class JsonConfig
{
    /** Arrays with more gaps than this is: how many places for each element, and from which length on. */
    boolean convertsSparse;
    int sparseRatio = 2;
    int sparseSafe = 10;
    int encodeDepth = 1000;
    int decodeDepth = 1000;
    int precision = 14;
    boolean keepsBuffer = true;

    /** Numbers that JSON has no form for: an error, written all the same, or null. */
    int encodeInvalid;
    boolean decodesInvalid = true;
}
