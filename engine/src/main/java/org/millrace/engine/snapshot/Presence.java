package org.millrace.engine.snapshot;

/** What a data set holds that an image is loaded into, and what becomes of it. */
public enum Presence
{
    /** Nothing; a key that is there twice has been so in the image. Libraries give way to those of the image. */
    NONE,

    /** It stays, and nothing of the image may be there already. */
    STAYS,

    /** It stays unless the image has something of the same name. */
    GIVES_WAY
}
