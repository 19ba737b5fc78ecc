import type { Texts } from './en.js'

/** Every word of the mails in German. */
export const de: Texts = {
  'code.label': 'Ihr Code',
  'code.about':
    'Geben Sie ihn dort ein, wo Sie ihn angefordert haben. Er gilt {time}. Nennen Sie ihn niemandem, der danach fragt.',
  'link.good': 'Der Link gilt {time}.',
  'fact.time': 'Zeit',
  'fact.device': 'Gerät',
  'fact.key': 'Schlüssel',
  'fact.app': 'App',
  'fact.provider': 'Anbieter',
  'fact.role': 'Neue Rolle',
  'fact.factor': 'Zweiter Faktor',
  'fact.codesLeft': 'Verbleibende Codes',
  'fact.suspendedPasskeys': 'Passkeys, die zuerst Ihr Passwort brauchen',
  'fact.suspendedKeys': 'Ausgesetzte API-Schlüssel',
  'fact.suspendedIdentities': 'Ausgesetzte Identitäten',
  'fact.suspendedApps': 'Ausgesetzte Apps',
  'factor.totp': 'Authenticator-App',
  'factor.passkey': 'Passkey',
  'codesLeft.few': '{count}. Erstellen Sie jetzt neue Codes.',
  'device.both': '{browser} unter {system}',
  'role.user': 'Benutzer',
  'role.admin': 'Administrator',
  'notYou.about':
    'Wenn Sie das nicht waren, wählen Sie jetzt ein neues Passwort. Das beendet alle Sitzungen und hält API-Schlüssel und verknüpfte Identitäten an, die vor Kurzem hinzugekommen sind.',
  'notYou.link': 'Neues Passwort wählen',
  'more.about':
    'Dies war die fünfte Mail dieser Art in einer Stunde. Über weitere erhalten Sie vor der nächsten Stunde keine Mail: Sehen Sie in Ihrem Konto nach.',
  'more.link': 'Mein Konto öffnen',
  'foot.about':
    '{brand} hat diese E-Mail wegen Ihres Kontos gesendet, oder weil jemand Ihre Adresse eingegeben hat.',
  'foot.support': 'Hilfe',

  'verification.subject': 'Bestätigen Sie Ihre E-Mail-Adresse',
  'verification.about':
    'Jemand, vermutlich Sie, hat diese Adresse für ein Konto bei {brand} eingegeben. Bestätigen Sie, dass die Adresse Ihnen gehört.',
  'verification.link': 'Adresse bestätigen',
  'verification.other':
    'Sie haben kein Konto angelegt? Öffnen Sie denselben Link und wählen Sie „Ich habe dieses Konto nicht angelegt“. Das beendet jeden Zugang, den eine andere Person dazu hat. Wenn Sie nichts tun, bleibt die Adresse unbestätigt.',

  'address-taken.subject': 'Sie haben schon ein Konto',
  'address-taken.about':
    'Jemand, vermutlich Sie, wollte bei {brand} ein Konto mit dieser Adresse anlegen. Sie haben schon eines, deshalb wurde keines angelegt.',
  'address-taken.login': 'Anmelden',
  'address-taken.forgot': 'Ich habe mein Passwort vergessen',
  'address-taken.other':
    'Wenn Sie das nicht waren, müssen Sie nichts tun: An Ihrem Konto hat sich nichts geändert.',

  'password-reset.subject': 'Wählen Sie ein neues Passwort',
  'password-reset.about':
    'Jemand, vermutlich Sie, hat ein neues Passwort für Ihr Konto bei {brand} angefordert.',
  'password-reset.link': 'Neues Passwort wählen',
  'password-reset.other':
    'Wenn Sie das nicht angefordert haben, ignorieren Sie diese E-Mail: Ihr Passwort bleibt, wie es ist.',

  'password-offer.subject': 'Wählen Sie ein neues Passwort',
  'password-offer.about':
    'Ein Administrator von {brand} sendet Ihnen diesen Link, damit Sie ein neues Passwort für Ihr Konto wählen können.',
  'password-offer.link': 'Neues Passwort wählen',
  'password-offer.other':
    'Wenn Sie es nicht brauchen, ignorieren Sie diese E-Mail: Ihr Passwort bleibt, wie es ist. Der Administrator sieht weder den Link noch das Passwort.',

  'sign-in.subject': 'Bei {brand} anmelden',
  'sign-in.about': 'Jemand, vermutlich Sie, möchte sich mit dieser Adresse bei {brand} anmelden.',
  'sign-in.link': 'Anmelden',
  'sign-in.browser': 'Der Link gilt in dem Browser, in dem Sie ihn angefordert haben.',
  'sign-in.other':
    'Wenn Sie das nicht angefordert haben, ignorieren Sie diese E-Mail: Ohne sie kann sich niemand anmelden.',

  'address-change.subject': 'Bestätigen Sie Ihre neue E-Mail-Adresse',
  'address-change.about':
    'Jemand, vermutlich Sie, möchte diese Adresse für ein Konto bei {brand} verwenden.',
  'address-change.other':
    'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail: Ohne den Code bekommt das Konto Ihre Adresse nicht.',

  'address-change-taken.subject': 'Ihre Adresse wurde für ein anderes Konto eingegeben',
  'address-change-taken.about':
    'Jemand wollte einem anderen Konto bei {brand} diese Adresse geben. Sie gehört zu Ihrem Konto, deshalb hat sich nichts geändert.',
  'address-change-taken.other': 'Sie müssen nichts tun.',

  'address-changed.subject': 'Ihre E-Mail-Adresse wurde geändert',
  'address-changed.about': 'Ihr Konto bei {brand} hat jetzt eine andere E-Mail-Adresse.',
  'address-changed.other':
    'Wenn Sie das nicht waren, machen Sie die Änderung jetzt rückgängig. Sie brauchen das Passwort oder einen anderen Anmeldeweg, den das Konto vorher hatte.',
  'address-changed.link': 'Änderung rückgängig machen',

  'new-device.subject': 'Neue Anmeldung bei Ihrem Konto',
  'new-device.about':
    'Jemand hat sich bei Ihrem Konto bei {brand} von einem Gerät angemeldet, das ihm neu ist.',

  'password-changed.subject': 'Ihr Passwort wurde geändert',
  'password-changed.about': 'Das Passwort Ihres Kontos bei {brand} wurde festgelegt oder geändert.',

  'api-key-created.subject': 'Ein API-Schlüssel wurde erstellt',
  'api-key-created.about': 'Ihr Konto bei {brand} hat einen neuen API-Schlüssel.',

  'api-key-rotated.subject': 'Ein API-Schlüssel hat ein neues Geheimnis',
  'api-key-rotated.about':
    'Ein API-Schlüssel Ihres Kontos bei {brand} hat ein neues Geheimnis bekommen.',

  'app-suspended.subject': 'Eine App, die Sie registriert haben, ist ausgesetzt',
  'app-suspended.about':
    'Das Passwort Ihres Kontos bei {brand} ist neu. Wer das alte kannte, kann diese App registriert haben. Deshalb kann sich jetzt niemand bei ihr anmelden.',
  'app-suspended.other':
    'Wenn Sie die App selbst registriert haben, geben Sie sie auf ihrer Seite frei. Wenn nicht, entfernen Sie sie.',
  'app-suspended.link': 'Apps ansehen',

  'identity-linked.subject': 'Ein weiterer Anmeldeweg wurde hinzugefügt',
  'identity-linked.about':
    'Ein Anbieter wurde mit Ihrem Konto bei {brand} verknüpft. Sie können sich jetzt damit anmelden.',

  'role-changed.subject': 'Ihre Rolle wurde geändert',
  'role-changed.about': 'Ein Administrator hat die Rolle Ihres Kontos bei {brand} geändert.',
  'role-changed.other': 'Wenn Sie nicht wissen, warum, fragen Sie die Betreiber von {brand}.',

  'session-replayed.subject': 'Ihre Sitzung wurde vielleicht kopiert',
  'session-replayed.about':
    'Eine Sitzung Ihres Kontos bei {brand} wurde an zwei Orten zugleich benutzt.',

  'address-verified.subject': 'Ihre E-Mail-Adresse wurde bestätigt',
  'address-verified.about':
    'Ein Administrator von {brand} hat bestätigt, dass diese Adresse zu einem Konto dort gehört.',
  'address-verified.other':
    'Wenn Sie das Konto nicht kennen, wählen Sie ein neues Passwort dafür: Das beendet alle Sitzungen anderer.',

  'address-released.subject': 'Ihre E-Mail-Adresse gehört zu keinem Konto mehr',
  'address-released.about':
    'Ein Administrator von {brand} hat diese Adresse aus einem Konto entfernt. Ein anderes Konto kann sie jetzt haben.',
  'address-released.other':
    'Wenn das Konto Ihres war, geben Sie innerhalb von 30 Tagen bei der Anmeldung diese Adresse und Ihr Passwort ein und wählen Sie eine andere Adresse. Wenn Sie nicht wissen, warum sie entfernt wurde, fragen Sie die Betreiber von {brand}.',

  'address-freed.subject': 'Ihre E-Mail-Adresse wurde einem Konto entzogen',
  'address-freed.about':
    'Jemand hat sich bei {brand} über einen Anbieter angemeldet, der ihm diese Adresse bestätigt. Sie wurde einem Konto entzogen, das sie nie bestätigt hatte, und gehört jetzt zu einem neuen Konto.',
  'address-freed.other':
    'Wenn das ältere Konto Ihres war, geben Sie innerhalb von 30 Tagen bei der Anmeldung diese Adresse und das Passwort jenes Kontos ein, und wählen Sie dafür eine andere Adresse.',

  'address-undone.subject': 'Die Änderung Ihrer E-Mail-Adresse wurde rückgängig gemacht',
  'address-undone.about':
    'Ihr Konto bei {brand} hat wieder seine frühere E-Mail-Adresse und das Passwort von damals. Diese Adresse gehört nicht mehr dazu.',
  'address-undone.other': 'Wenn Sie es nicht waren, fragen Sie die Betreiber von {brand}.',

  'factor-added.subject': 'Ihr Konto hat einen neuen zweiten Faktor',
  'factor-added.about':
    'Ihr Konto bei {brand} hat einen neuen zweiten Faktor. Sie können sich jetzt damit anmelden.',

  'factor-removed.subject': 'Ein zweiter Faktor Ihres Kontos wurde entfernt',
  'factor-removed.about': 'Ein zweiter Faktor Ihres Kontos bei {brand} wurde entfernt.',

  'recovery-codes-replaced.subject': 'Ihr Konto hat neue Wiederherstellungscodes',
  'recovery-codes-replaced.about':
    'Für Ihr Konto bei {brand} wurden neue Wiederherstellungscodes erstellt. Frühere gelten nicht mehr.',

  'recovery-code-used.subject': 'Ein Wiederherstellungscode wurde benutzt',
  'recovery-code-used.about':
    'Jemand, vermutlich Sie, hat einen Wiederherstellungscode Ihres Kontos bei {brand} benutzt.',
  'recovery-code-used.other':
    'Jeder Code gilt einmal. Sie können jederzeit neue Codes für Ihr Konto erstellen; die früheren gelten dann nicht mehr.',
  'recovery-code-used.link': 'Mein Konto öffnen',

  'passkey-cloned.subject': 'Ein Passkey Ihres Kontos wurde vielleicht kopiert',
  'passkey-cloned.about':
    'Ein Passkey Ihres Kontos bei {brand} wurde in einem älteren Stand verwendet, als Sie ihn zuletzt verwendet haben. Die Anmeldung wurde abgelehnt.',
  'passkey-cloned.other':
    'Das Gerät ist vielleicht defekt, oder es gibt eine Kopie davon. Melden Sie sich auf anderem Weg an, entfernen Sie den Passkey und legen Sie einen neuen an.',
  'passkey-cloned.link': 'Ihr Konto ansehen:',
  'factors-removal-begun.subject': 'Ihre zweiten Faktoren sollen entfernt werden',
  'factors-removal-begun.about':
    'Ein Administrator von {brand} hat begonnen, alle zweiten Faktoren Ihres Kontos zu entfernen. So kommen Menschen wieder hinein, die ihre verloren haben.',
  'factors-removal-begun.then':
    'Sie werden bei Ihrer ersten Anmeldung nach 24 Stunden entfernt, oder früher, wenn ein weiterer Administrator zustimmt. Danach steht Ihr Konto allen offen, die den ersten Schritt der Anmeldung schaffen.',
  'factors-removal-begun.other':
    'Wenn Sie nicht darum gebeten haben oder Ihr Gerät wiedergefunden haben, behalten Sie sie. Dafür brauchen Sie keinen zweiten Faktor.',
  'factors-removal-begun.link': 'Meine zweiten Faktoren behalten',

  'invitation.subject': 'Sie sind zu {brand} eingeladen',
  'invitation.about':
    'Ein Administrator von {brand} lädt Sie ein, ein Konto mit dieser E-Mail-Adresse anzulegen.',
  'invitation.link': 'Einladung annehmen',
  'invitation.later':
    'Die Einladung selbst gilt 7 Tage. Wenn der Link abgelaufen ist, melden Sie sich mit dieser Adresse per E-Mail an: Auch das legt das Konto an.',
  'invitation.other':
    'Wenn Sie kein Konto möchten, ignorieren Sie diese E-Mail: Ohne Sie geschieht nichts.',

  'factors-removed.subject': 'Alle zweiten Faktoren Ihres Kontos wurden entfernt',
  'factors-removed.about':
    'Administratoren von {brand} haben alle zweiten Faktoren Ihres Kontos samt den Wiederherstellungscodes entfernt und Sie überall abgemeldet.',
  'factors-removed.then':
    'Der erste Schritt der Anmeldung, etwa Ihr Passwort, öffnet jetzt Ihr Konto. Fügen Sie bei der nächsten Anmeldung wieder einen zweiten Faktor hinzu.',
  'factors-removed.other':
    'Wenn Sie nicht darum gebeten haben, wählen Sie jetzt ein neues Passwort und sagen Sie es den Betreibern von {brand}.',

  'factor-guessed.subject': 'Jemand kennt vielleicht Ihr Passwort',
  'factor-guessed.about':
    'Jemand hat den ersten Schritt der Anmeldung bei Ihrem Konto bei {brand} geschafft, vermutlich mit Ihrem Passwort, und dann fünfmal einen falschen Code eingegeben. Die Anmeldung ist nicht gelungen.',
  'factor-guessed.other': 'Wenn Sie das nicht waren, wählen Sie jetzt ein neues Passwort.',
}
