package org.millrace.engine.acl;

import java.io.IOException;

/** Where ACL files are; io has them in a file system. Blocks for one small file. */
public interface AclStore
{
    /** There are no files: nothing can be loaded or saved. */
    AclStore NONE = new AclStore()
    {
        @Override
        public String read(final String path) throws IOException
        {
            throw new IOException("No such file or directory");
        }

        @Override
        public void write(final String path, final String text) throws IOException
        {
            throw new IOException("Read-only file system");
        }
    };

    /**
     * The content of a file, one byte in each character.
     *
     * @param path absolute.
     * @throws IOException with the reason as its message, in the system's words.
     */
    String read(String path) throws IOException;

    /** Put a text in place of a file's content: all of it or nothing. As {@link #read}. */
    void write(String path, String text) throws IOException;
}
