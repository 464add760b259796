<?php // Prints token and ticket in the given folder as WeChat's PHP sample reads them; fails where that would call WeChat.
chdir($argv[1]);
$ending = $argv[2] ?? 'json';
foreach (['access_token', 'jsapi_ticket'] as $name) {
    $text = file_get_contents("$name.$ending");
    $data = json_decode($ending === 'php' ? trim(substr($text, 15)) : $text);
    if ($data->expire_time < time()) {
        fwrite(STDERR, "$name: it asks WeChat\n");
        exit(1);
    }
    echo $data->$name, "\n";
}
