<?php // Prints token and ticket as WeChat's PHP sample finds them in the folder that is named, or dies where it would ask WeChat.
chdir($argv[1]);
foreach (['access_token', 'jsapi_ticket'] as $name) {
    $data = json_decode(file_get_contents("$name.json"));
    if ($data->expire_time < time()) {
        fwrite(STDERR, "$name: it asks WeChat\n");
        exit(1);
    }
    echo $data->$name, "\n";
}
