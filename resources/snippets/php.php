<?php // php php.php /…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog
$file = $argv[1];
$dog = json_decode((string) @file_get_contents($file), true); // null where it is absent
if (empty($dog['data']) || !isset($dog['gen_time'], $dog['expires_in']) || $dog['gen_time'] / 1000 + $dog['expires_in'] <= microtime(true)) {
    fwrite(STDERR, "No live value in $file: is Guard Dog running?\n");
    exit(1);
}
echo $dog['data'], "\n";
