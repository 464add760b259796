<?php // Prints token and ticket in the given folder as WeChat's PHP sample reads them; fails where that would call WeChat.
chdir($argv[1]);
foreach (['access_token', 'jsapi_ticket'] as $name) {
    $data = json_decode(file_get_contents("$name.json"));
    if ($data->expire_time < time()) {
        fwrite(STDERR, "$name: it asks WeChat\n");
        exit(1);
    }
    echo $data->$name, "\n";
}
