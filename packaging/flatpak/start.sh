#!/bin/sh
# Start of both programs in the Flatpak, by the name of the link. Flatpak makes the folders of `--filesystem=…:create`
# readable for all before the program starts; an empty one becomes private, one that is in use keeps what the user chose.
for folder in "$XDG_CONFIG_HOME/guarddog" "$XDG_DATA_HOME/guarddog"; do
    [ -n "$(ls -A "$folder" 2>/dev/null)" ] || chmod go= "$folder" 2>/dev/null
done
exec "${0%/bin/*}/lib/guarddog/${0##*/}" "$@"
